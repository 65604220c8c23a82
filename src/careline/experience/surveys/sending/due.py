"""What is due is decided and sent in one transaction: a process that dies in it has sent nothing, and loses nothing.

An invitation is claimed for a while, so that processes share the work; the claim of one that died ends by itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

import msgspec
from django.db import transaction

from careline.customers import locking
from careline.experience.surveys.models import Invitation, Response, Survey
from careline.experience.surveys.sending import asking_leave, reasons
from careline.experience.surveys.sending.asking_leave import Outcome
from careline.kit import clock, outages, sentences
from careline.kit.statement import Statement

BATCH = 50
# Short, so that what a dead process had claimed does not wait long; what is claimed twice is looked at again under its
# lock and sent once.
LEASE = timedelta(seconds=30)
# A stroke of the clock takes no longer; the next goes on.
SECONDS = 50.0
# After so many failures it is given up; between them 1, 2, 4 … minutes.
PATIENCE = 8
_log = logging.getLogger(__name__)


class Claimed(msgspec.Struct, frozen=True):
    id: int


def _claim(state: str, due: str) -> Statement[Claimed]:
    return Statement(
        f"""UPDATE surveys_invitation SET claimed_until = %(until)s::timestamptz WHERE id IN (
  SELECT id FROM surveys_invitation
  WHERE state = '{state}' AND {due} <= %(now)s::timestamptz AND (claimed_until IS NULL OR claimed_until <= %(now)s)
  ORDER BY {due}, id LIMIT %(limit)s::int FOR UPDATE SKIP LOCKED)
RETURNING id""",  # noqa: S608
        Claimed,
    )


_WAITING = _claim("waiting", "due_at")
_REMINDING = _claim("sent", "remind_at")


def send_due() -> int:
    """Ask everybody who is due; returns for how many it was settled, whatever became of it."""
    return _all(_WAITING, _send)


def remind_due() -> int:
    """Remind those who have not begun to answer; returns how many were looked at."""
    return _all(_REMINDING, _remind)


def _all(claims: Statement[Claimed], verb: Callable[[int], None]) -> int:
    settled, began = 0, time.monotonic()
    while time.monotonic() - began < SECONDS:
        now = clock.now()
        claimed = claims.all(now=now, until=now + LEASE, limit=BATCH)
        for one in claimed:
            settled += _tried(one.id, verb)
        if len(claimed) < BATCH:
            break
    return settled


def _tried(invitation_id: int, verb: Callable[[int], None]) -> int:
    try:
        with transaction.atomic():
            verb(invitation_id)
    except outages.LOST:
        raise
    except Exception:
        _log.exception("Invitation %s could not be settled.", invitation_id)
        _put_off(invitation_id)
        return 0
    return 1


@transaction.atomic
def _put_off(invitation_id: int) -> None:
    one = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if one is None:
        return
    one.failures += 1
    one.claimed_until = clock.now() + timedelta(minutes=2 ** (one.failures - 1))
    if one.failures >= PATIENCE:
        one.reason, one.terms, one.claimed_until, one.remind_at = sentences.kept(reasons.WENT_WRONG), {}, None, None
        if one.state == Invitation.State.WAITING:
            one.state = Invitation.State.FAILED
    one.save()


def _held(invitation_id: int, **still: object) -> Invitation | None:
    """Its person first and then itself, in the order in which an erasure takes them; nothing when it is settled."""
    person = Invitation.objects.filter(pk=invitation_id).values_list("person_id", flat=True).first()
    if person is not None:
        locking.held([person], no_key=True)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("plan__survey", "person", "response")
    return rows.filter(pk=invitation_id, **still).first()


def _send(invitation_id: int) -> None:
    one = _held(invitation_id, state=Invitation.State.WAITING)
    if one is None:
        return
    one.claimed_until = None
    if (why := _too_late(one)) is not None:
        one.state, one.reason, one.terms = Invitation.State.CANCELLED, sentences.kept(why), {}
        one.save()
        return
    found = asking_leave.tried(one, one.key, one.plan.purpose, one.plan.ways)
    one.reason, one.terms = found.reason, found.terms
    if found.response is not None:
        one.state, one.sent_at, one.way = Invitation.State.SENT, clock.now(), found.way
        one.response, one.outbound = found.response, found.outbound
        _remind_later(one)
    elif found.until is not None:
        one.due_at = found.until
    else:
        one.state = Invitation.State.REFUSED if found.refused else Invitation.State.FAILED
    one.save()


def _too_late(one: Invitation) -> sentences.Sentence | None:
    """Why there is nothing to ask any more."""
    person = one.person
    if not one.plan.is_on:
        return reasons.SWITCHED_OFF
    if one.plan.survey.state != Survey.State.LIVE:
        return reasons.CLOSED
    if person is None or person.erased_at is not None or person.blocked_at is not None:
        return reasons.GONE
    if one.ends_at <= clock.now():
        return reasons.ENDED
    if one.conversation is not None:
        about = Response.objects.filter(
            survey=one.plan.survey_id, conversation=one.conversation, is_test=False, touched_at__gte=one.happened_at
        )
        if about.exclude(state=Response.State.INVITED).exists():
            return reasons.ANSWERED
    return None


def _remind(invitation_id: int) -> None:
    one = _held(invitation_id, state=Invitation.State.SENT, remind_at__lte=clock.now())
    if one is None:
        return
    one.claimed_until, one.remind_at = None, None
    begun = one.response is None or one.response.state != Response.State.INVITED
    if not begun and _too_late(one) is None:
        _settle_reminder(one, _reminded(one))
    one.save()


def _reminded(one: Invitation) -> Outcome:
    """By the way it went the first time, else by the others."""
    ways = [one.way, *(way for way in one.plan.ways if way != one.way)]
    key = f"{one.key}:reminder:{one.reminded + 1}"
    return asking_leave.tried(one, key, f"{one.plan.purpose}/reminders", ways)


def _settle_reminder(one: Invitation, found: Outcome) -> None:
    one.reason, one.terms = found.reason, found.terms
    if found.response is not None:
        one.reminded, one.outbound = one.reminded + 1, found.outbound
        _remind_later(one)
    elif found.until is not None:
        one.remind_at = found.until


def _remind_later(one: Invitation) -> None:
    at = clock.now() + timedelta(days=one.plan.remind_days)
    one.remind_at = at if one.reminded < one.plan.reminders and at < one.ends_at else None
