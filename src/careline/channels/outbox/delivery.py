"""Bringing messages to the other side: each with its key, in order for each person, again and again with patience."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import InterfaceError, OperationalError, transaction

from careline.channels import adapter, queries, rounds
from careline.channels.adapter import Adapter, Carried, DeliveryFailed, Endpoint, Missed, Outbound
from careline.channels.models import Outbox
from careline.channels.outbox import preparing, returning, statuses
from careline.channels.outbox.preparing import Claim, prepared, recipients, suppressed
from careline.kit import clock, sentences
from careline.kit.sentences import Sentence, Words, joined
from careline.kit.sentences import lasting as _
from careline.kit.statement import Statement

BATCH = 16
AT_ONCE = 8
# Longer than a whole batch can take: after it, a claim whose process died is anybody's again.
LEASE = timedelta(seconds=120)
# 2 s, 4 s, 8 s … up to an hour between attempts: about three hours in all.
FIRST_WAIT = 2.0
LONGEST_WAIT = 3600.0
MOST_ATTEMPTS = 13
# So many failures of an older message are waited for; then the next one to the same person may overtake it.
ORDERED_ATTEMPTS = 4
_chance = secrets.SystemRandom()
_log = logging.getLogger(__name__)


class Outcome(msgspec.Struct, frozen=True):
    external_id: str = ""
    failure: Words = ""
    permanent: bool = False
    missed: tuple[Missed, ...] = ()


CLAIM = Statement(
    """
    UPDATE channels_outbox mine
       SET state = 'sending', attempts = mine.attempts + 1, next_attempt_at = %(until)s::timestamptz,
           updated_at = %(now)s::timestamptz
      FROM channels_inbox inbox
     WHERE inbox.id = mine.inbox_id AND mine.id IN (
       SELECT due.id FROM channels_outbox due
        WHERE due.state IN ('queued', 'sending') AND due.next_attempt_at <= %(now)s
          AND NOT EXISTS (
            SELECT FROM channels_outbox older
             WHERE older.inbox_id = due.inbox_id AND older.person_id = due.person_id AND older.id < due.id
               AND older.state IN ('queued', 'sending') AND older.attempts <= %(patience)s::int)
        ORDER BY due.next_attempt_at, due.id LIMIT %(limit)s::int
        FOR UPDATE OF due SKIP LOCKED)
    RETURNING mine.id, mine.inbox_id, inbox.kind, mine.person_id, mine.recipient, mine.payload::text,
              mine.message_id, mine.decision_id, mine.attempts, mine.created_at, mine.step
    """,
    row=Claim,
)


def deliver(limit: int = BATCH) -> int:
    """Bring what is due; gives back how many messages were tried."""
    now = clock.now()
    claims = CLAIM.all(now=now, until=now + LEASE, limit=limit, patience=ORDERED_ATTEMPTS)
    if not claims:
        return 0
    # Only the network in these threads: what they find out is written down here.
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="outbox") as threads:
        tried = [(claim, _begun(claim, threads)) for claim in sorted(claims, key=lambda claim: claim.id)]
        for claim, outcome in tried:
            _settle(claim, outcome if isinstance(outcome, Outcome) else outcome.result())
    return len(claims)


def run(stop: threading.Event) -> None:
    """Deliver until told to stop."""
    rounds.keep(stop, topic="outbox", work=deliver)


@transaction.atomic
def brought(message_id: UUID, *, at: datetime) -> str:
    """It has left already, by another way than this one: never tried, and known by its own name, which is given back.

    For whoever tells what happened elsewhere, in the transaction that wrote the message.
    """
    row = Outbox.objects.select_for_update(of=("self",)).select_related("inbox").get(message_id=message_id)
    preparing.written_to(row)  # its envelope is written down at the message
    external_id = adapter.of(row.inbox.kind).named(queries.endpoint(row.inbox_id), message_id)
    statuses.in_turn(row.inbox_id, external_id)
    statuses.raise_to(row, "sent", at=at)
    for receipt in statuses.name(row, external_id):
        returning.tell(row, receipt)
    return external_id


def wait_after(attempts: int) -> float:
    """Seconds until the next attempt: doubling, and scattered so that not everybody comes back at once."""
    doubled: float = FIRST_WAIT * 2 ** (attempts - 1)
    return min(LONGEST_WAIT, doubled) * _chance.uniform(0.75, 1.25)


def _begun(claim: Claim, threads: ThreadPoolExecutor) -> Future[Outcome] | Outcome:
    try:
        channel, letter = prepared(claim)
        dead = suppressed(channel, letter)
        return threads.submit(_sent, channel, queries.endpoint(claim.inbox_id), letter, dead)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # one message that cannot be made must not hold up the others
        _log.exception("Message %s could not be prepared.", claim.key)
        return _went_wrong(error)


def _went_wrong(error: Exception) -> Outcome:
    return Outcome(failure=_("Something went wrong here: %(what)s") % {"what": type(error).__name__})


def _sent(channel: Adapter, inbox: Endpoint, message: Outbound, dead: Mapping[str, Sentence]) -> Outcome:
    """`dead`: recipients nothing is sent to, and why."""
    if not message.recipient:
        return Outcome(failure=_("This channel knows no way to reach this person."), permanent=True)
    if dead and set(message.only or recipients(message)) <= set(dead):
        return Outcome(failure=joined(*{str(one): one for one in dead.values()}.values(), by="; "), permanent=True)
    try:
        answer = channel.send(inbox, msgspec.structs.replace(message, without=tuple(dead)))
        if not isinstance(answer, Carried):
            return Outcome(answer)
        spared = tuple(Missed(address, reason, permanent=True) for address, reason in dead.items())
        return Outcome(answer.external_id, missed=answer.missed + spared)
    except DeliveryFailed as failed:
        return Outcome(failure=failed.said, permanent=failed.permanent, missed=failed.missed)
    except Exception as error:
        _log.exception("The channel %s failed at %s.", channel.kind, message.key)
        return _went_wrong(error)


@transaction.atomic
def _settle(claim: Claim, outcome: Outcome) -> None:
    if outcome.external_id:
        statuses.in_turn(claim.inbox_id, outcome.external_id)
    row = Outbox.objects.select_for_update().filter(pk=claim.id).first()
    if row is None:
        return  # the person was erased in the meantime
    returning.suppressed(outcome.missed, row.message_id)
    if outcome.external_id:
        _arrived(row, claim, outcome)
        return
    if row.state != Outbox.State.SENDING or row.attempts != claim.attempts:
        return  # another attempt has taken over, or has already arrived
    if outcome.permanent or claim.attempts >= MOST_ATTEMPTS:
        statuses.raise_to(row, "failed", outcome.failure)
        return
    row.next_attempt_at = clock.now() + timedelta(seconds=wait_after(claim.attempts))
    row.error = sentences.kept(outcome.failure)
    row.save(update_fields=["next_attempt_at", "error"])


def _arrived(row: Outbox, claim: Claim, outcome: Outcome) -> None:
    """Whoever has not got it yet is tried again, and they alone; who never will is named at the message."""
    missed = [(one, sentences.kept(one.reason)) for one in outcome.missed]
    lost = row.payload.setdefault("lost", {}) | {one.address: why for one, why in missed if one.permanent}
    still = {one.address: why for one, why in missed if not one.permanent}
    if still and claim.attempts >= MOST_ATTEMPTS:
        lost, still = lost | still, {}
    row.payload |= {"lost": lost, "only": list(still)}
    if still and row.state == Outbox.State.SENDING and row.attempts == claim.attempts:
        row.next_attempt_at = clock.now() + timedelta(seconds=wait_after(claim.attempts))
        row.error = sentences.kept(returning.each(still))
    row.save(update_fields=["payload", "next_attempt_at", "error"])
    if not still:
        statuses.raise_to(row, "sent")
    early = statuses.name(row, outcome.external_id)
    if lost and not still:
        whom = {"whom": returning.each(lost)}
        statuses.raise_to(row, "failed", _("The others have it. Not delivered to %(whom)s") % whom)
    for receipt in early:
        returning.tell(row, receipt)
