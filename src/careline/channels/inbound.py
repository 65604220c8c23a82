"""What comes in: kept raw first, answered at once, understood afterwards."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from functools import cache, partial

import msgspec
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from careline.channels import adapter, hot, illegible, queries, rounds
from careline.channels.adapter import Endpoint, Receipt, Unneeded, Unreadable
from careline.channels.models import Inbound, ParkedStatus
from careline.channels.outbox.returning import returned
from careline.files import actions as files
from careline.files import queries as keys
from careline.files import storage
from careline.files.sealing import seal_raw, unseal_raw
from careline.kit import bus, clock, sentences
from careline.kit.refusals import NotVisible, Refused, TooLarge
from careline.kit.sentences import lasting

BATCH = 25
# Of one batch; a single delivery may be larger.
BATCH_BYTES = 48 * 1024 * 1024
# Deliveries whose reading is slow are read by so many at once.
READERS = 2
MOST_ATTEMPTS = 6
_PARKED_ARE_KEPT = timedelta(days=7)
_ONE_TAKER = 0x696E_626F_756E_64  # "inbound": words of one customer are taken in their order, by one process at a time
_log = logging.getLogger(__name__)

# Takes a message into its conversation, in the caller's transaction; gives back the person it belongs to. May raise
# Unneeded when nothing comes of it, before it writes anything.
Intake = Callable[[int, adapter.Inbound], int]
_intake: Intake | None = None


class Accepted(msgspec.Struct, frozen=True):
    id: int
    inbox_id: int
    repeated: bool


def take_with(intake: Intake) -> None:
    """Registers the room above that turns messages into conversations."""
    global _intake
    _intake = intake


def handshake(kind: str, key: str, query: Mapping[str, str]) -> str:
    channel, door = adapter.of(kind), queries.by_key(kind, key)
    return channel.handshake(door.endpoint(), query)


def largest(kind: str) -> int:
    """Bytes a delivery to this kind of inbox may have."""
    return adapter.of(kind).capabilities.largest


def accept(kind: str, key: str, raw: bytes, headers: Mapping[str, str]) -> Accepted:
    """Keep a delivery as it came, once; the same delivery again gets the same answer."""
    channel = adapter.of(kind)
    if not channel.capabilities.webhook:
        raise NotVisible(_("There is no such inbox."))
    most = channel.capabilities.largest
    if len(raw) > most:
        raise TooLarge(_("A delivery may have at most %(most)s MB.") % {"most": most // (1024 * 1024)})
    inbox = queries.by_key(kind, key).endpoint()
    named = {name.lower(): value for name, value in headers.items()}
    channel.verify(inbox, raw, named)
    if channel.capabilities.tells_at_once:
        try:
            channel.parse(inbox, raw, named)
        except Unreadable as error:
            raise Refused(str(error)) from error
    return keep(inbox.inbox_id, channel.delivery_key(raw, named), raw, _worth_keeping(named))


def keep(inbox_id: int, external_key: str, raw: bytes, headers: Mapping[str, str]) -> Accepted:
    """Store what came to an inbox; once this returns, nothing can lose it. `headers` are written down beside it."""
    written = msgspec.json.encode(headers).decode()
    with transaction.atomic():
        # A racing repetition waits here for the first one; the database says which of them was it.
        kept = hot.KEEP.one(inbox=inbox_id, key=external_key, raw=seal_raw(raw), headers=written, at=clock.now())
        if kept is not None:
            bus.after_commit("inbound", {})
            return Accepted(kept.id, inbox_id, repeated=False)
    first = hot.FIRST.one(inbox=inbox_id, key=external_key)
    assert first is not None
    return Accepted(first.id, inbox_id, repeated=True)


def take_at_once(
    inbox_id: int, external_key: str, raw: bytes, headers: Mapping[str, str], intake: Callable[[int], int]
) -> bool:
    """Kept and understood in the caller's transaction, so that no worker ever sees it; False when it was here before.

    `intake` gets the number of the delivery and gives back the person it belongs to.
    """
    written = msgspec.json.encode(headers).decode()
    kept = hot.KEEP.one(inbox=inbox_id, key=external_key, raw=b"", headers=written, at=clock.now())
    if kept is None:
        return False
    person_id = intake(kept.id)
    Inbound.objects.filter(pk=kept.id).update(
        state=Inbound.State.TAKEN, person_id=person_id, raw=seal_raw(raw, files.key_of(person_id))
    )
    return True


def take(limit: int = BATCH) -> int:
    """Hand what is new to the intake, in the order it came; gives back how many deliveries were looked at."""
    if _intake is None:
        return 0
    try:
        return _round(limit, _intake, each_alone=False)
    except (_Spoiled, storage.StorageFull):
        return _round(limit, _intake, each_alone=True)


class _Spoiled(Exception):
    """One delivery of a batch cannot be taken in, and what it began belongs to the same transaction as the others."""


def _round(limit: int, intake: Intake, *, each_alone: bool) -> int:
    """One transaction and one writing of the log for all of them; only when that fails each gets its own way back."""
    with transaction.atomic():
        if not _alone():
            return 0
        rows = _batch(limit)
        with storage.gathered() if not each_alone else nullcontext():
            found: dict[int, bytes] = {}
            for row, raw, read in _read_ahead(rows):
                known = row.person_id
                _take_one(row, read, intake, each_alone=each_alone)
                if row.person_id not in {None, known}:
                    found[row.pk] = raw
            _write_down(rows, found)
            illegible.note_stuck(rows)
    return len(rows)


def run(stop: threading.Event) -> None:
    """Take what is new until told to stop."""
    rounds.keep(stop, topic="inbound", work=take)


def raw_of(row: Inbound) -> bytes:
    """As it came; sealed for whoever it turned out to be of."""
    key = None if row.person_id is None else keys.key_of(row.person_id)
    return unseal_raw(bytes(row.raw), key)


def kept(delivery_id: int) -> bytes:
    """As it came; nothing when it is no longer kept."""
    row = Inbound.objects.filter(pk=delivery_id).exclude(raw=b"").first()
    return b"" if row is None else raw_of(row)


def purge() -> int:
    """Statuses whose message never came; deliveries grow old by the period the organization set."""
    return ParkedStatus.objects.filter(at__lt=clock.now() - _PARKED_ARE_KEPT).delete()[0]


def _worth_keeping(headers: Mapping[str, str]) -> dict[str, str]:
    """What a later reading may need; nothing that opens doors."""
    kept = {
        name: value.replace("\0", "")[:500]
        for name, value in headers.items()
        if name in {"content-type", "user-agent"} or name.startswith(("webhook-", "x-"))
    }
    return {name: value for name, value in kept.items() if "token" not in name and "secret" not in name}


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_TAKER])
        return bool(cursor.fetchone()[0])


def _batch(limit: int) -> list[Inbound]:
    """The oldest that wait, as far as they fit together into memory."""
    waiting = Inbound.objects.select_for_update(skip_locked=True).filter(
        state=Inbound.State.NEW, next_attempt_at__lte=clock.now()
    )
    sizes = waiting.order_by("next_attempt_at", "id").annotate(size=Length("raw")).values_list("pk", "size")[:limit]
    chosen: list[int] = []
    room = BATCH_BYTES
    for pk, size in sizes:
        room -= size
        if chosen and room < 0:
            break
        chosen.append(pk)
    return list(Inbound.objects.select_related("inbox").filter(pk__in=chosen).order_by("next_attempt_at", "id"))


_Items = Sequence[adapter.Inbound | Receipt]


def _read_ahead(rows: Sequence[Inbound]) -> Iterator[tuple[Inbound, bytes, Callable[[], _Items]]]:
    """Rows in their order, with how to get at what they say; slow ones are being read while others are taken in."""
    inboxes: dict[int, Endpoint] = {}
    begun: list[tuple[Inbound, bytes, Callable[[], _Items]]] = []
    for row in rows:
        raw = b""
        try:
            if row.inbox_id not in inboxes:
                inboxes[row.inbox_id] = queries.endpoint(row.inbox_id)
            channel, raw = adapter.of(row.inbox.kind), raw_of(row)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            begun.append((row, raw, partial(_fail, error)))
            continue
        read = partial(_items, channel, inboxes[row.inbox_id], raw, row.headers)
        begun.append((row, raw, _readers().submit(read).result if channel.capabilities.slow else read))
    yield from begun


@cache
def _readers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(READERS, thread_name_prefix="reading")


def _fail(error: Exception) -> _Items:
    raise error


def _items(channel: adapter.Adapter, inbox: Endpoint, raw: bytes, headers: Mapping[str, str]) -> _Items:
    return list(channel.parse(inbox, raw, headers))


def _take_one(row: Inbound, read: Callable[[], _Items], intake: Intake, *, each_alone: bool) -> None:
    try:
        items = read()
        with transaction.atomic() if each_alone else nullcontext():
            row.person_id = _taken(row, items, intake)
        row.state, row.error = Inbound.State.TAKEN, ""
    except (OperationalError, InterfaceError):
        raise  # the database went away: the whole batch comes again
    except Unneeded as nothing:
        row.state, row.error = Inbound.State.TAKEN, sentences.kept(nothing)
    except Unreadable as refusal:
        row.state, row.error = Inbound.State.FAILED, sentences.kept(refusal)
    except Exception as error:
        if not each_alone:
            raise _Spoiled from error
        _failed(row, error)


def _failed(row: Inbound, error: Exception) -> None:
    if isinstance(error, Refused):
        row.state, row.error = Inbound.State.FAILED, sentences.kept(error)
        return
    _log.error("Delivery %s was not taken in.", row.pk, exc_info=error)
    row.attempts += 1
    row.error = sentences.kept(lasting("Something went wrong here: %(what)s") % {"what": type(error).__name__[:100]})
    row.next_attempt_at = clock.now() + timedelta(seconds=5 * 2**row.attempts)
    if row.attempts >= MOST_ATTEMPTS:
        row.state = Inbound.State.FAILED


def _write_down(rows: Sequence[Inbound], found: Mapping[int, bytes]) -> None:
    """What became of them; what is now known to be somebody's is sealed for them alone."""
    sealing = files.keys_of(row.person_id for row in rows if row.pk in found and row.person_id is not None)
    hot.TAKEN.each(
        {
            "id": row.pk,
            "state": str(row.state),
            "error": row.error,
            "attempts": row.attempts,
            "next": row.next_attempt_at,
            "person": row.person_id,
            "raw": seal_raw(found[row.pk], sealing[row.person_id or 0]) if row.pk in found else None,
        }
        for row in rows
    )


def _taken(row: Inbound, items: _Items, intake: Intake) -> int | None:
    person_id = row.person_id
    for item in items:
        if isinstance(item, Receipt):
            returned(row.inbox_id, item)
        else:
            person_id = intake(row.inbox_id, msgspec.structs.replace(item, raw_id=row.pk))
    return person_id
