"""The one word a machine says by itself: counted and decided in one transaction, so that no two are the last one."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import SYSTEM, Actor
from careline.contact import budget, queries
from careline.contact.actions import decide
from careline.contact.models import Breaker, Decision
from careline.contact.reach import ACKNOWLEDGEMENT
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotVisible

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)


class Answer(msgspec.Struct, frozen=True):
    """Whether it may be said, and by whose leave; else why not."""

    verdict: budget.Verdict
    decision: Decision | None = None

    @property
    def reason(self) -> str:
        """Why not, as a sentence the catalogs know; empty when it is said."""
        if self.decision is None:
            return self.verdict.reason
        return "" if self.decision.allowed else self.decision.reason


@transaction.atomic
def acknowledge(
    person_id: int, *, place: str, channel: str, conversation_id: int, address: str, per_hour: int = budget.PER_MAILBOX
) -> Answer:
    """May this place say its one automatic word to this address now?"""
    # Whoever asks for the same place waits here, so the counts are those of everybody before.
    breaker, _made = Breaker.objects.select_for_update().get_or_create(place=place)
    now = clock.now()
    key = f"{ACKNOWLEDGEMENT}:{conversation_id}:{queries.key_of(address)}"
    lately = [at for at in breaker.said_at if at > now - HOUR]
    counts = budget.Counts(
        to_address=Decision.objects.filter(key=key, at__gt=now - DAY).count(),
        of_mailbox=len(lately),
        tripped=breaker.tripped_at is not None,
    )
    verdict = budget.decided(counts, per_mailbox=per_hour)
    if verdict.alarm:
        breaker.tripped_at = now
        audit.record("breaker.tripped", place, actor=SYSTEM)
    decision = decide(person_id, ACKNOWLEDGEMENT, channel, key) if verdict.allowed else None
    if decision is not None and decision.allowed:
        lately.append(now)
    breaker.said_at = lately
    breaker.save(update_fields=["said_at", "tripped_at"])
    return Answer(verdict, decision)


@transaction.atomic
def reset_breaker(place: str, *, actor: Actor) -> None:
    """Somebody has looked: the place may say its automatic words again, and its hour begins anew."""
    actor.must("inboxes.manage")
    breaker = Breaker.objects.select_for_update().filter(place=place).first()
    if breaker is None:
        raise NotVisible(_("Automatic answers were never stopped here."))
    if breaker.tripped_at is None:
        raise Conflicting(_("Automatic answers are not stopped here."))
    breaker.tripped_at, breaker.said_at = None, []
    breaker.save(update_fields=["tripped_at", "said_at"])
    audit.record("breaker.reset", place, actor=actor)


def tripped_at(place: str) -> datetime | None:
    """Since when a place says nothing by itself any more."""
    return Breaker.objects.filter(place=place).values_list("tripped_at", flat=True).first()
