"""What comes in: kept raw first, answered at once, understood afterwards."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

import msgspec
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from careline.channels import adapter, backlog, hot, illegible, queries, rounds
from careline.channels.adapter import Receipt, Unneeded, Unreadable
from careline.channels.backlog import Items
from careline.channels.models import Inbound, ParkedStatus
from careline.channels.outbox.returning import returned
from careline.files import actions as files
from careline.files import storage
from careline.files.sealing import seal_raw
from careline.kit import bus, clock, sentences
from careline.kit.refusals import NotVisible, Refused, TooLarge
from careline.kit.sentences import lasting

BATCH = 25
MOST_ATTEMPTS = 6
_PARKED_ARE_KEPT = timedelta(days=7)
_ONE_TAKER = 0x696E_626F_756E_64  # "inbound": words of one customer are taken in their order, by one process at a time
_log = logging.getLogger(__name__)

# Takes a message into its conversation, in the caller's transaction; gives back the person it belongs to. May raise
# Unneeded when nothing comes of it, before it writes anything.
Intake = Callable[[int, adapter.Inbound], int]
# Around several of them in one transaction: what may wait until its end is written there, at once.
Together = Callable[[], AbstractContextManager[None]]
_intake: Intake | None = None
_together: Together = nullcontext


class Accepted(msgspec.Struct, frozen=True):
    id: int
    inbox_id: int
    repeated: bool


def take_with(intake: Intake, together: Together = nullcontext) -> None:
    """Registers the room above that turns messages into conversations."""
    global _intake, _together
    _intake, _together = intake, together


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
    """Store what came to an inbox; once this returns, nothing can lose it. `headers` are written down beside it.

    One statement, which is a transaction of its own unless the caller holds one.
    """
    written = msgspec.json.encode(headers).decode()
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
        if not _only_one():
            return 0
        rows = backlog.oldest(limit)
        found: dict[int, bytes] = {}
        with storage.gathered() if not each_alone else nullcontext():
            with _together() if not each_alone else nullcontext():
                for row, raw, read in backlog.read_ahead(rows):
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


def kept(delivery_id: int) -> bytes:
    """As it came; nothing when it is no longer kept."""
    row = Inbound.objects.filter(pk=delivery_id).exclude(raw=b"").first()
    return b"" if row is None else backlog.raw_of(row)


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


def _only_one() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_TAKER])
        return bool(cursor.fetchone()[0])


def _take_one(row: Inbound, read: Callable[[], Items], intake: Intake, *, each_alone: bool) -> None:
    try:
        items = read()
        row.person_id = _alone(row, items, intake) if each_alone else _taken(row, items, intake)
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


def _alone(row: Inbound, items: Items, intake: Intake) -> int | None:
    for last in (False, True):
        try:
            with transaction.atomic():
                return _taken(row, items, intake)
        except IntegrityError:  # somebody wrote the same at the same moment, and now it is there to be found
            if last:
                raise
    raise AssertionError("unreachable")


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


def _taken(row: Inbound, items: Items, intake: Intake) -> int | None:
    person_id = row.person_id
    for item in items:
        if isinstance(item, Receipt):
            returned(row.inbox_id, item)
        else:
            person_id = intake(row.inbox_id, msgspec.structs.replace(item, raw_id=row.pk))
    return person_id
