"""What of a letter stays beside its words: the envelope, the files, and the whole of it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from careline.channels.adapter import Attachment, Inbound
from careline.channels.letters import Letter, Party
from careline.channels.threading import Match
from careline.customers.models import Identity
from careline.files import actions as files
from careline.files.limits import LARGEST_RECEIVED
from careline.files.models import StoredFile
from careline.kit import contacts
from careline.kit.refusals import Refused
from careline.service.conversations.attaching import attach
from careline.service.conversations.hot.shapes import Said
from careline.service.conversations.models import Conversation, Message

_PARTICIPATING = """UPDATE conversations_conversation SET participants = participants || ARRAY(
  SELECT DISTINCT one FROM unnest(%s::text[]) one WHERE one <> ALL (participants) ORDER BY one)
WHERE id = %s AND NOT participants @> %s::text[]"""
# Of a conversation; who writes to more people at once is sending to a list.
MOST_PARTICIPANTS = 200
# A stored file, and the name by which the message's HTML calls it.
Kept = tuple[StoredFile, str]


def attached(said: Said, item: Inbound) -> dict[str, str]:
    """Store what came with the words; gives back what the house does not take, and why."""
    stored, refused = _stored(item.attachments, said, item.raw_id)
    attach(said, [file for file, _name in stored.values()], {pk: name for pk, (_file, name) in stored.items()})
    return refused


def kept(said: Said, item: Inbound, match: Match) -> None:
    """Write down the envelope of a letter that has just been taken in."""
    letter = item.letter or Letter()
    left_out = attached(said, item)
    original = None
    if item.original is not None:
        whole, _lost = _stored([item.original], said, item.raw_id)
        original = next(iter(whole), None)
    letter = msgspec.structs.replace(letter, steps=match.trace, left_out=left_out, original=original, raw=item.raw_id)
    changed = {"letter": msgspec.to_builtins(letter)}
    if letter.sender is not None and match.conversation is not None and not _is(said.person_id, letter.sender):
        changed["author_name"] = letter.sender.name or letter.sender.address
    Message.objects.filter(pk=said.message_id).update(**changed)
    joined(said.conversation_id, letter.everybody)
    if match.linked is not None:
        Conversation.objects.filter(pk=said.conversation_id).update(follows=match.linked)


def joined(conversation_id: int, parties: Iterable[Party]) -> None:
    """They take part in it from now on."""
    keys = [one.key for one in parties if one.address][:MOST_PARTICIPANTS]
    with connection.cursor() as cursor:
        cursor.execute(_PARTICIPATING, [keys, conversation_id, keys])


def _is(person_id: int, party: Party) -> bool:
    try:
        key = contacts.email_key(party.address)
    except Refused:
        return False
    found = Identity.objects.filter(kind="email", scope="", value=key).values_list("person_id", "person__canonical")
    return any(person_id in ids for ids in found)


def _stored(attachments: Iterable[Attachment], said: Said, raw_id: int) -> tuple[dict[UUID, Kept], dict[str, str]]:
    """One file that is not taken keeps neither the words nor the other files out."""
    stored: dict[UUID, Kept] = {}
    refused: dict[str, str] = {}
    for one in attachments:
        try:
            file = files.store(
                one.content,
                name=one.name or _("Unnamed file"),
                media_type=one.media_type,
                person_id=said.person_id,
                uploaded_by=f"inbound:{raw_id}",
                largest=LARGEST_RECEIVED,
            )
        except Refused as refusal:
            refused[one.name or one.media_type] = str(refusal)
        else:
            stored[file.pk] = (file, one.content_id)
    return stored, refused
