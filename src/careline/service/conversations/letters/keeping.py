"""What of a letter stays beside its words: the envelope, the files, and the whole of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from careline.channels.adapter import Attachment, Inbound
from careline.channels.letters import Letter, Party
from careline.channels.threading import Match
from careline.files import actions as files
from careline.files.limits import LARGEST_RECEIVED
from careline.files.models import StoredFile
from careline.kit import contacts, sentences
from careline.kit.refusals import Refused
from careline.kit.statement import Statement
from careline.service.conversations.attaching import attach
from careline.service.conversations.hot.shapes import Said

_PARTICIPATING = """UPDATE conversations_conversation SET participants = participants || ARRAY(
  SELECT DISTINCT one FROM unnest(%s::text[]) one WHERE one <> ALL (participants) ORDER BY one)
WHERE id = %s AND NOT participants @> %s::text[]"""


class _Changed(msgspec.Struct, frozen=True):
    id: int


# In one statement, since every letter that comes in costs it: the envelope, who takes part, who is in copy, and what it
# goes on from. Whoever writes for the customer from an address that is not theirs is named as they name themselves;
# where they answer what was passed on to them, whom they write to besides is none of the customer's business.
_ENVELOPE = Statement(
    """WITH known AS (
      SELECT %(name)s::text = '' OR EXISTS (
        SELECT FROM customers_identity i JOIN customers_person p ON p.id = i.person_id
        WHERE i.kind = 'email' AND i.scope = '' AND i.value = %(address)s::text
          AND %(person)s::bigint IN (p.id, p.canonical_id)) AS by_customer),
    said AS (
      UPDATE conversations_message m SET letter = %(letter)s::jsonb,
        author_name = CASE WHEN k.by_customer THEN m.author_name ELSE %(name)s::text END
      FROM known k WHERE m.id = %(message)s::uuid)
    UPDATE conversations_conversation c SET follows_id = coalesce(%(follows)s::bigint, c.follows_id),
      participants = c.participants || ARRAY(
        SELECT DISTINCT one FROM unnest(%(keys)s::text[]) one WHERE one <> ALL (c.participants) ORDER BY one),
      copies = CASE WHEN k.by_customer OR NOT EXISTS (
        SELECT FROM conversations_message f WHERE f.conversation_id = c.id AND f.kind = 'forward'
          AND f.letter->>'message_id' = ANY(%(answers)s::text[]))
        THEN %(copies)s::jsonb || c.copies ELSE c.copies END
    FROM known k
    WHERE c.id = %(conversation)s::bigint AND (%(follows)s::bigint IS NOT NULL
      OR NOT c.participants @> %(keys)s::text[] OR NOT c.copies ?& %(in_copy)s::text[])
    RETURNING c.id""",
    _Changed,
)
_IN_COPY = """UPDATE conversations_conversation SET copies = %s::jsonb || copies
WHERE id = %s AND NOT copies ?& %s::text[]"""
# Of a conversation; who writes to more people at once is sending to a list.
MOST_PARTICIPANTS = 200


def attached(said: Said, item: Inbound) -> dict[str, str]:
    """Store what came with the words; gives back what the house does not take, and why."""
    return _attached(said, item, _stored(item.attachments, said, item.raw_id))


def kept(said: Said, item: Inbound, match: Match, *, past: bool = False) -> None:
    """Write down the envelope of a letter that has just been taken in; one of earlier years puts nobody in copy."""
    letter = item.letter or Letter()
    whole = () if item.original is None else (item.original,)
    stored = _stored((*item.attachments, *whole), said, item.raw_id)
    original = stored.pop() if whole else None
    left_out = _attached(said, item, stored)
    original_id = original.pk if isinstance(original, StoredFile) else None
    letter = msgspec.structs.replace(
        letter, steps=match.trace, left_out=left_out, original=original_id, raw=item.raw_id
    )
    sender = letter.sender if match.conversation is not None else None
    copies = {} if item.overheard or past else in_copy(letter)
    _ENVELOPE.one(
        letter=msgspec.json.encode(letter).decode(),
        message=said.message_id,
        conversation=said.conversation_id,
        person=said.person_id,
        address="" if sender is None else _key(sender),
        name="" if sender is None else sender.name or sender.address,
        keys=_keys(letter.everybody),
        follows=match.linked,
        copies=msgspec.json.encode(copies).decode(),
        in_copy=list(copies),
        answers=[one for one in (letter.in_reply_to, *letter.references) if one],
    )


def in_copy(letter: Letter) -> dict[str, Party]:
    """Whom its writer wrote to besides us, by folded address; we ourselves are among them."""
    author = "" if letter.sender is None else letter.sender.key
    return by_address(one for one in (*letter.to, *letter.cc) if one.key != author)


def by_address(parties: Iterable[Party]) -> dict[str, Party]:
    return dict([(one.key, one) for one in parties if one.address][:MOST_PARTICIPANTS])


def stay_in_copy(conversation_id: int, parties: Iterable[Party]) -> None:
    """They get every answer from now on, until somebody takes them out."""
    named = by_address(parties)
    if named:
        with connection.cursor() as cursor:
            cursor.execute(_IN_COPY, [msgspec.json.encode(named).decode(), conversation_id, list(named)])


def joined(conversation_id: int, parties: Iterable[Party]) -> None:
    """They take part in it from now on."""
    keys = _keys(parties)
    with connection.cursor() as cursor:
        cursor.execute(_PARTICIPATING, [keys, conversation_id, keys])


def _keys(parties: Iterable[Party]) -> list[str]:
    return [one.key for one in parties if one.address][:MOST_PARTICIPANTS]


def _key(party: Party) -> str:
    try:
        return contacts.email_key(party.address)
    except Refused:
        return ""


def _stored(attachments: Sequence[Attachment], said: Said, raw_id: int) -> list[StoredFile | Refused]:
    """One file that is not taken keeps neither the words nor the other files out."""
    if not attachments:
        return []
    return files.store_all(
        [files.Given(one.content, one.name or _("Unnamed file"), one.media_type) for one in attachments],
        person_id=said.person_id,
        uploaded_by=f"inbound:{raw_id}",
        largest=LARGEST_RECEIVED,
    )


def _attached(said: Said, item: Inbound, stored: Sequence[StoredFile | Refused]) -> dict[str, str]:
    pairs = list(zip(item.attachments, stored, strict=True))
    taken = {file.pk: (file, one.content_id) for one, file in pairs if isinstance(file, StoredFile)}
    attach(said, [file for file, _name in taken.values()], {pk: name for pk, (_file, name) in taken.items()})
    return {one.name or one.media_type: sentences.kept(file) for one, file in pairs if isinstance(file, Refused)}
