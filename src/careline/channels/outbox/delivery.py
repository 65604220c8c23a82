"""Bringing messages to the other side: each with its key, in order for each person, again and again with patience."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from careline.channels import adapter, queries, rounds
from careline.channels.adapter import Adapter, DeliveryFailed, Enclosure, Endpoint, Outbound
from careline.channels.models import Outbox
from careline.channels.outbox import statuses
from careline.customers.models import Identity, Person
from careline.files import queries as files
from careline.kit import clock
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


class Claim(msgspec.Struct, frozen=True):
    id: int
    inbox_id: int
    kind: str
    person_id: int
    recipient: str
    payload: str
    message_id: UUID | None
    decision_id: int | None
    attempts: int
    created_at: datetime

    @property
    def key(self) -> str:
        """The same at every attempt."""
        return f"msg_{self.message_id}" if self.message_id is not None else f"dec_{self.decision_id}"


class Letter(msgspec.Struct):
    """A row's payload."""

    text: str = ""
    conversation: int | None = None
    author: str = ""
    attachments: list[Enclosed] = []


class Enclosed(msgspec.Struct):
    file_id: UUID


class Outcome(msgspec.Struct, frozen=True):
    external_id: str = ""
    failure: str = ""
    permanent: bool = False


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
              mine.message_id, mine.decision_id, mine.attempts, mine.created_at
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


def wait_after(attempts: int) -> float:
    """Seconds until the next attempt: doubling, and scattered so that not everybody comes back at once."""
    doubled: float = FIRST_WAIT * 2 ** (attempts - 1)
    return min(LONGEST_WAIT, doubled) * _chance.uniform(0.75, 1.25)


def _begun(claim: Claim, threads: ThreadPoolExecutor) -> Future[Outcome] | Outcome:
    try:
        channel, letter = _prepared(claim)
        return threads.submit(_sent, channel, queries.endpoint(claim.inbox_id), letter)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # one message that cannot be made must not hold up the others
        _log.exception("Message %s could not be prepared.", claim.key)
        return _went_wrong(error)


def _went_wrong(error: Exception) -> Outcome:
    return Outcome(failure=_("Something went wrong here: %(what)s") % {"what": type(error).__name__})


def _prepared(claim: Claim) -> tuple[Adapter, Outbound]:
    channel = adapter.of(claim.kind)
    letter = msgspec.json.decode(claim.payload, type=Letter)
    found = files.by_ids(one.file_id for one in letter.attachments)
    return channel, Outbound(
        key=claim.key,
        recipient=claim.recipient or _recipient(claim.person_id, channel.capabilities.reaches),
        text=letter.text,
        created_at=claim.created_at,
        conversation_id=letter.conversation,
        author=letter.author,
        attachments=tuple(
            Enclosure(file.id, file.name, file.media_type, file.size, settings.CARELINE_BASE_URL + files.link(file.id))
            for one in letter.attachments
            if (file := found.get(one.file_id)) is not None
        ),
    )


def _recipient(person_id: int, reaches: Sequence[str]) -> str:
    """How the channel knows the person, by its surest identity; of joined people, any of them will do."""
    root = Person.objects.filter(pk=person_id).values_list("canonical", flat=True).first() or person_id
    joined = Person.objects.filter(Q(pk=root) | Q(canonical=root))
    known = Identity.objects.filter(person__in=joined, kind__in=reaches).order_by("id")
    surest = sorted(known, key=lambda one: (one.person_id != person_id, reaches.index(one.kind)))
    return surest[0].original if surest else ""


def _sent(channel: Adapter, inbox: Endpoint, message: Outbound) -> Outcome:
    if not message.recipient:
        return Outcome(failure=_("This channel knows no way to reach this person."), permanent=True)
    try:
        return Outcome(external_id=channel.send(inbox, message))
    except DeliveryFailed as failed:
        return Outcome(failure=failed.reason, permanent=failed.permanent)
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
    if outcome.external_id:
        statuses.raise_to(row, "sent")
        statuses.name(row, outcome.external_id)
        return
    if row.state != Outbox.State.SENDING or row.attempts != claim.attempts:
        return  # another attempt has taken over, or has already arrived
    if outcome.permanent or claim.attempts >= MOST_ATTEMPTS:
        statuses.raise_to(row, "failed", outcome.failure)
        return
    row.next_attempt_at = clock.now() + timedelta(seconds=wait_after(claim.attempts))
    row.error = outcome.failure
    row.save(update_fields=["next_attempt_at", "error"])
