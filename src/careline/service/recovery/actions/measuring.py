"""What became of those who were to be won back: read from their line once, when sixty days have passed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from careline.customers import queries as customers
from careline.kit import clock
from careline.service.recovery.models import Recovery
from careline.touchpoints import Moment, queries
from careline.touchpoints.schema import SHOPPING

SPAN = timedelta(days=60)
# Back: they did something from the 30th to before the 60th day, as `retention` asks it.
BACK = timedelta(days=30), timedelta(days=60)
# What a customer does themselves.
THEIRS = (
    "message.received", "page.viewed", "screen.viewed", "event.tracked", "visit.checked-in", "order.placed",
    *(kind for kind in SHOPPING if not kind.startswith("order.")),
)  # fmt: skip
_TALKS = ("conversation.opened", "effort.counted")
_SAID = "survey.answered"
# Of 0 to 10, as NPS counts who would recommend.
PROMOTER, TOP = 9, 10
# Of one line within that time.
MOST = 2000


def measure_due(*, at: datetime | None = None, limit: int = 500) -> int:
    """Those that ended sixty days ago and are not measured yet; how many."""
    at = at or clock.now()
    due = Recovery.objects.filter(
        closed_at__lte=at - SPAN, measured_at=None, outcome__in=["reached", "missed"]
    ).order_by("closed_at", "pk")
    return sum(_measure(pk, at) for pk in due.values_list("pk", flat=True)[:limit])


@transaction.atomic
def _measure(recovery_id: int, at: datetime) -> bool:
    recovery = Recovery.objects.select_for_update(skip_locked=True).filter(pk=recovery_id, measured_at=None).first()
    if recovery is None or recovery.closed_at is None:
        return False
    since = recovery.closed_at
    kinds = sorted({*THEIRS, *_TALKS, _SAID})
    people = customers.ids_of(recovery.person_id)
    moments = [
        one
        for one in queries.lately_of_each(people, kinds=kinds, since=since, limit=MOST)
        if one.occurred_at < since + SPAN
    ]
    own = [one for one in moments if one.kind in THEIRS]
    recovery.came_back = any(since + BACK[0] <= one.occurred_at < since + BACK[1] for one in own)
    recovery.bought = any(one.kind == "order.placed" for one in own)
    recovery.effort = _effort(moments)
    recovery.recommends = _recommends(moments)
    recovery.measured_at = at
    recovery.save(update_fields=["came_back", "bought", "effort", "recommends", "measured_at"])
    return True


def _recommends(moments: list[Moment]) -> bool | None:
    """By the last they said of it; lately_of_each gives the oldest first."""
    for one in reversed(moments):
        facts = one.facts
        if one.kind == _SAID and facts.get("metric") == "nps" and facts.get("score") is not None:
            return float(facts["score"]) >= PROMOTER and facts.get("scale_max") in (None, TOP)
    return None


def _effort(moments: list[Moment]) -> int:
    """Of the talks they began since, what each had cost in the end; none cost nothing."""
    begun = {one.source for one in moments if one.kind == "conversation.opened" and one.actor_kind == "customer"}
    last = {one.source: int(one.facts.get("effort", 0)) for one in moments if one.kind == "effort.counted"}
    return sum(last.get(source, 0) for source in begun)
