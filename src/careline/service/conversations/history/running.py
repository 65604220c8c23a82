"""Messages of earlier years on their way in, in pieces: each lands in one transaction together with how far we are.

Whoever is killed in the middle begins behind the last piece that landed. What came before, in whichever way, is known
by its own name in the mailbox and counted as repeated.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from django.db import OperationalError, transaction
from psycopg import errors

from careline import touchpoints
from careline.channels import adapter, history, inbound, queries
from careline.channels.adapter import Endpoint, Unneeded, Unreadable
from careline.channels.history import Found
from careline.channels.satchel import FetchFailed
from careline.files import actions as files
from careline.files import queries as stored
from careline.files import storage
from careline.kit import clock, outages, sentences
from careline.kit.refusals import Refused
from careline.kit.sentences import lasting as _
from careline.service.conversations.history import writing
from careline.service.conversations.models import History, LeftOut, Message
from careline.touchpoints.partitions import ensure_partitions

PIECE = 25
PIECE_BYTES = 48 * 1024 * 1024
READERS = 2
TRIES = 6
# Places that were left out are named up to so many; all are counted.
NAMED = 10_000
Told = Callable[[History], Any]
_Items = Sequence[adapter.Inbound | adapter.Receipt]


class Elsewhere(Exception):
    """Somebody else has taken it further meanwhile, or stopped it."""


def run(brought: History, told: Told, stop: threading.Event) -> History:
    """All that is left of it; what cannot be read to its end fails with a sentence, and what landed stays. Raises
    Leaving once `stop` is set."""
    if brought.state != History.State.RUNNING:
        return brought
    try:
        with _source(brought) as path, tempfile.TemporaryDirectory(prefix="careline-history-") as work:
            _all(brought, path, Path(work), told, stop)
    except Elsewhere:
        return History.objects.get(pk=brought.pk)
    except (Refused, FetchFailed) as refusal:
        if stop.is_set():  # a line that is cut since we have to go has not failed
            raise history.Leaving from refusal
        return ended(brought.pk, History.State.FAILED, sentences.kept(refusal))
    except OSError as error:
        if not (storage.is_full(error) or outages.is_full(error)):
            raise
        return ended(brought.pk, History.State.FAILED, sentences.kept(_("The disk is full. What landed before stays.")))
    return ended(brought.pk, History.State.DONE, "")


def ended(history_id: int, state: History.State, error: str) -> History:
    with transaction.atomic():
        brought = History.objects.select_for_update().get(pk=history_id)
        if brought.is_under_way:
            brought.state, brought.error, brought.ended_at = state, error, clock.now()
            if state == History.State.DONE and brought.file_id is not None:
                files.discard([brought.file_id])
                brought.file_id = None
            brought.save(update_fields=["state", "error", "ended_at", "file_id"])
    return brought


def _source(brought: History) -> AbstractContextManager[Path | None]:
    if brought.file_id is not None:
        return stored.plain(stored.by_id(brought.file_id))
    return nullcontext(Path(brought.path) if brought.path else None)


def _all(brought: History, path: Path | None, work: Path, told: Told, stop: threading.Event) -> None:
    inbox = queries.endpoint(brought.inbox_id)
    channel = adapter.of(brought.inbox.kind)
    remembering = history.remembers(channel)
    if remembering is None:
        raise Refused(_("Nothing of earlier years can be brought into this inbox."))
    past = remembering.past(inbox, path, work, stop)
    try:
        brought = _begun(brought, past)
        told(brought)
        if past.oldest is not None:
            ensure_partitions(past.oldest.date(), clock.now().date())
        open_from = brought.created_at - timedelta(days=brought.open_days)
        room = writing.Room(brought.inbox_id, brought.inbox.kind, channel.addresses(inbox), writing.hands(), open_from)
        with ThreadPoolExecutor(READERS, thread_name_prefix="history") as readers:
            ahead = _read(past.after(brought.read), channel, inbox, readers)
            for piece in ahead:
                known_as = past.fingerprint(brought.read + len(piece))
                brought = _patiently(partial(_landed, brought.pk, brought.read, known_as, channel, room, piece))
                told(brought)
                if stop.is_set():
                    raise history.Leaving
    finally:
        past.close()


def _begun(brought: History, past: history.Past) -> History:
    """Gone on with where all that was looked at lies there as it did; else we begin at the beginning."""
    with transaction.atomic():
        row = History.objects.select_for_update(of=("self",)).select_related("inbox").get(pk=brought.pk)
        if row.state != History.State.RUNNING:
            raise Elsewhere
        if row.read and row.fingerprint != past.fingerprint(row.read):
            # All of it is met again, and what was left out is left out again.
            row.read, row.repeated, row.left = 0, 0, 0
            row.left_out.all().delete()
        row.total = past.total
        row.save(update_fields=["read", "repeated", "left", "total"])
    return row


def _patiently(land: Callable[[], History]) -> History:
    """Reactions are at the same customers meanwhile, and may be let go first."""
    for attempt in range(TRIES):
        try:
            return land()
        except OperationalError as error:
            if not isinstance(error.__cause__, errors.DeadlockDetected | errors.LockNotAvailable):
                raise
            time.sleep(0.1 * 2**attempt)
    return land()


_Read = tuple[Found, dict[str, str], Callable[[], _Items]]


def _read(
    found: Iterator[Found], channel: adapter.Adapter, inbox: Endpoint, readers: ThreadPoolExecutor
) -> Iterator[list[_Read]]:
    """Pieces whose messages are being read; while one lands the next is read already."""
    waiting: list[_Read] | None = None
    for piece in _pieces(found):
        begun: list[_Read] = []
        for one in piece:
            headers = {history.HEADER: "1"} | ({"x-received-at": one.at.isoformat()} if one.at else {})
            reading: Future[_Items] | None = None
            if not one.why:
                reading = readers.submit(_items, channel, inbox, one.raw, headers)
            begun.append((one, headers, reading.result if reading is not None else _nothing))
        if waiting is not None:
            yield waiting
        waiting = begun
    if waiting is not None:
        yield waiting


def _pieces(found: Iterator[Found]) -> Iterator[list[Found]]:
    piece: list[Found] = []
    size = 0
    for one in found:
        if piece and (len(piece) == PIECE or size + len(one.raw) > PIECE_BYTES):
            yield piece
            piece, size = [], 0
        piece.append(one)
        size += len(one.raw)
    if piece:
        yield piece


def _nothing() -> _Items:
    return []


def _items(channel: adapter.Adapter, inbox: Endpoint, raw: bytes, headers: dict[str, str]) -> _Items:
    return list(channel.parse(inbox, raw, headers))


@transaction.atomic
def _landed(
    history_id: int, read: int, known_as: str, channel: adapter.Adapter, room: writing.Room, piece: Sequence[_Read]
) -> History:
    brought = History.objects.select_for_update(of=("self",)).select_related("inbox").get(pk=history_id)
    if brought.state != History.State.RUNNING or brought.read != read:
        raise Elsewhere
    moments: list[Any] = []
    left: list[tuple[str, str]] = []
    for found, headers, items in piece:
        try:
            if found.why:
                raise Unneeded(history.words(found.why))
            with transaction.atomic():
                moments += _one(brought, channel, room, found, headers, items())
        except (Unneeded, Unreadable, Refused) as nothing:
            left.append((found.place, sentences.kept(nothing)))
    touchpoints.record_many(moments)
    room_left = max(0, NAMED - brought.left)
    LeftOut.objects.bulk_create(LeftOut(history=brought, place=place[:500], why=why) for place, why in left[:room_left])
    brought.left += len(left)
    brought.read += len(piece)
    brought.fingerprint = known_as
    brought.tries = 0
    brought.save()
    return brought


def _one(
    brought: History, channel: adapter.Adapter, room: writing.Room, found: Found, headers: dict[str, str],
    items: _Items,
) -> list[Any]:  # fmt: skip
    """The moments it makes; none when it was here before."""
    item = next((one for one in items if isinstance(one, adapter.Inbound)), None)
    if item is None:
        raise Unneeded(_("There is no message in it."))
    if Message.objects.filter(inbox=room.inbox_id, external_id=item.external_id).exists():
        brought.repeated += 1
        return []
    written: list[writing.Written] = []

    def intake(raw_id: int) -> int:
        at = item.sent_at or found.at or clock.now()
        written.append(writing.write(room, msgspec.structs.replace(item, raw_id=raw_id), at))
        return written[0].person_id

    key = channel.delivery_key(found.raw, headers)
    if not inbound.take_at_once(room.inbox_id, key, found.raw, headers, intake):
        brought.repeated += 1
        return []
    brought.added += 1
    brought.opened += written[0].opened
    brought.unreadable += bool(item.unread)
    return written[0].moments
