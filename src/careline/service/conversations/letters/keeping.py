"""What of a letter stays beside its words: the envelope, the files, and the whole of it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from careline.channels.adapter import Attachment, Inbound
from careline.channels.letters import Letter, Party
from careline.channels.threading import Step
from careline.files import actions as files
from careline.files.limits import LARGEST_RECEIVED
from careline.files.models import StoredFile
from careline.files.storage import StorageFull
from careline.kit import contacts, sentences
from careline.kit.refusals import Refused
from careline.service.conversations import attaching
from careline.service.conversations.hot import receive
from careline.service.conversations.hot.shapes import Envelope, Said
from careline.service.conversations.models import Attachment as Attached
from careline.service.conversations.models import Message

_PARTICIPATING = """UPDATE conversations_conversation SET participants = participants || ARRAY(
  SELECT DISTINCT one FROM unnest(%s::text[]) one WHERE one <> ALL (participants) ORDER BY one)
WHERE id = %s AND NOT participants @> %s::text[]"""
_IN_COPY = """UPDATE conversations_conversation SET copies = %s::jsonb || copies
WHERE id = %s AND NOT copies ?& %s::text[]"""
# Of a conversation; who writes to more people at once is sending to a list.
MOST_PARTICIPANTS = 200
# Of this thread: messages that stand, with files that have still to be written.
_gathering = threading.local()


class Enclosed(msgspec.Struct, frozen=True):
    """A letter as it will stand beside its words, and what comes with it: judged, and not yet written."""

    letter: Letter
    # Who gets a copy of every answer by it.
    copies: Mapping[str, Party] = MappingProxyType({})
    # With the name by which its HTML calls each.
    files: tuple[tuple[StoredFile, Attachment], ...] = ()
    original: tuple[StoredFile, Attachment] | None = None

    def envelope(self, *, follows: int | None = None, heard: bool = False) -> Envelope:
        """`heard` in a conversation that is there, where its writer may be somebody new."""
        sender = self.letter.sender if heard else None
        return Envelope(
            letter=msgspec.json.encode(self.letter).decode(),
            keys=_keys(self.letter.everybody),
            copies=msgspec.json.encode(dict(self.copies)).decode(),
            answers=[one for one in (self.letter.in_reply_to, *self.letter.references) if one],
            follows=follows,
            voice="" if sender is None else sender.name or sender.address,
            voice_key="" if sender is None else _key(sender),
        )


def enclosed(item: Inbound, steps: tuple[Step, ...] = ()) -> Enclosed:
    """One file that is not taken keeps neither the words nor the other files out."""
    taken: list[tuple[StoredFile, Attachment]] = []
    left_out: dict[str, str] = {}
    for one in item.attachments:
        file = _judged(one, item.raw_id)
        if isinstance(file, Refused):
            left_out[one.name or one.media_type] = sentences.kept(file)
        else:
            taken.append((file, one))
    whole = None if item.original is None else _judged(item.original, item.raw_id)
    original = (whole, item.original) if isinstance(whole, StoredFile) and item.original is not None else None
    letter = msgspec.structs.replace(
        item.letter or Letter(),
        steps=steps,
        left_out=left_out,
        original=None if original is None else original[0].pk,
        raw=item.raw_id,
    )
    return Enclosed(letter, {} if item.overheard else in_copy(letter), tuple(taken), original)


def keep(said: Said, found: Enclosed) -> None:
    """Write down the files of a letter that has just been taken in, or have them written with those of others."""
    waiting: list[tuple[Said, Enclosed]] | None = getattr(_gathering, "waiting", None)
    if waiting is not None:
        waiting.append((said, found))
        return
    try:
        _write([(said, found)])
    except StorageFull as full:  # the words come in all the same; the delivery still holds the whole
        names = {one.name or one.media_type: sentences.kept(full) for _file, one in found.files}
        letter = msgspec.structs.replace(found.letter, original=None, left_out=found.letter.left_out | names)
        mine = Message.objects.filter(pk=said.message_id, letter__isnull=False)
        mine.update(letter=msgspec.to_builtins(letter))


@contextmanager
def together() -> Iterator[None]:
    """Files of the letters that are taken in within are written at its end: for whoever commits only after that."""
    _gathering.waiting = []
    try:
        yield
        _write(_gathering.waiting)
    finally:
        _gathering.waiting = None


def enveloped(said: Said, found: Enclosed) -> None:
    """Write down the envelope of a message that stands without one."""
    receive.ENVELOPE.one(
        message=said.message_id,
        conversation=said.conversation_id,
        person=said.person_id,
        **msgspec.structs.asdict(found.envelope(heard=True)),
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


def _judged(one: Attachment, raw_id: int) -> StoredFile | Refused:
    given = files.Given(one.content, one.name or _("Unnamed file"), one.media_type)
    try:
        return files.judged(given, uploaded_by=f"inbound:{raw_id}", largest=LARGEST_RECEIVED)
    except Refused as refusal:
        return refusal


def _write(letters: Sequence[tuple[Said, Enclosed]]) -> None:
    written: list[tuple[StoredFile, bytes]] = []
    shown: list[Attached] = []
    for said, found in letters:
        for file, one in (*found.files, *((found.original,) if found.original else ())):
            file.person_id = said.person_id
            written.append((file, one.content))
        names = {file.pk: one.content_id for file, one in found.files}
        shown += attaching.rows(said.message_id, [file for file, _one in found.files], names)
    files.keep(written)
    attaching.attach_all(shown)
