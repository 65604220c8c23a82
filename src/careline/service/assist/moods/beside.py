"""What is to be done next in a conversation, gathered for the rules of `advice`."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from careline.accounts.actor import Actor
from careline.customers import queries as customers
from careline.kit import clock
from careline.service.assist.moods import advice
from careline.service.assist.moods.advice import Standing, Step
from careline.service.assist.moods.turning import Mood
from careline.service.conversations import queries as talks
from careline.service.conversations.hot.shapes import ListRow, Pledge
from careline.touchpoints import queries as touchpoints

# What came late longer ago is no reason to begin with it now.
RECENT = timedelta(days=21)
MOMENTS = 60
CHURN = "churn_risk"
_pledge = msgspec.json.Decoder(Pledge)


def steps(actor: Actor, found: ListRow, mood: Mood | None) -> list[Step]:
    """At most two, the most pressing first; each by a plain rule."""
    ids = customers.ids_of(found.person_id)
    pledge = _pledge.decode(found.pledge) if found.pledge else None
    theirs = [one for one in talks.of_person(actor, found.person_id, limit=20) if one.state == "open"]
    late: tuple[tuple[str, int], ...] = ()
    churn: float | None = None
    if actor.may("customers.view"):
        late = _late(actor, ids)
        risk = customers.traits(actor, found.person_id).get(CHURN)
        churn = float(risk) if isinstance(risk, int | float) and not isinstance(risk, bool) else None
    now = Standing(
        state=found.state, waiting_on=found.waiting_on, assigned=found.assignee_id is not None,
        marked=found.mark is not None, risk=pledge.state if pledge else "", promise=pledge.what if pledge else "",
        mood=mood, late=late, others=tuple(one.id for one in theirs if one.id != found.id), churn_risk=churn,
    )  # fmt: skip
    return advice.steps(now)


def _late(actor: Actor, ids: list[int]) -> tuple[tuple[str, int], ...]:
    since = clock.now() - RECENT
    return tuple(
        (str(one.facts["order"]), int(one.facts["days_late"]))
        for one in touchpoints.line(actor, ids, limit=MOMENTS)
        if one.kind == "order.delivered" and int(one.facts.get("days_late") or 0) > 0 and one.occurred_at > since
    )
