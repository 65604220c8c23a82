"""Moments become invitations: who could be asked about them, and who of those is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from careline.customers import queries as customers
from careline.experience.surveys.models import Invitation, Plan, Survey, Version
from careline.experience.surveys.sending import drawing, reasons
from careline.experience.surveys.sending.shapes import FactTest
from careline.kit import clock, sentences
from careline.touchpoints import Moment

AGAIN_OPEN = "conversation.reopened"
LONGEST_FIELD = 200


def write(moments: Sequence[Moment]) -> bool:
    """In the order in which it happened; whether something is due at once. The same moments again change nothing."""
    plans = _plans({one.kind for one in moments})
    if not plans:
        _call_off(moments)
        return False
    fields = _hidden_fields({one.survey_id for one in plans})
    people = customers.canonical_of({one.person_id for one in moments if one.person_id is not None})
    written: list[Invitation] = []
    for moment in moments:
        if moment.kind == AGAIN_OPEN:
            _keep(written)
            written.clear()
            _call_off([moment])
        else:
            written += _of(moment, plans, people, fields)
    _keep(written)
    return any(one.state == Invitation.State.WAITING and one.due_at <= clock.now() for one in written)


def concerns(plan: Plan, moment: Moment) -> bool:
    """Whether the plan asks about this: its kind, its inboxes, its facts."""
    return (
        moment.person_id is not None and moment.kind == plan.moment
        and (not plan.inbox_ids or moment.inbox_id in plan.inbox_ids)
        and all(test.holds(moment.facts) for test in msgspec.convert(plan.facts, list[FactTest]))
    )  # fmt: skip


def _plans(kinds: set[str]) -> list[Plan]:
    rows = Plan.objects.filter(is_on=True, kind=Plan.Kind.AFTER, moment__in=kinds, survey__state=Survey.State.LIVE)
    return list(rows.order_by("pk"))


def _hidden_fields(surveys: set[int]) -> dict[int, list[str]]:
    last = {one.survey_id: one for one in Version.objects.filter(survey__in=surveys).order_by("number")}
    return {survey: one.form.fields for survey, one in last.items()}


def _of(
    moment: Moment, plans: Sequence[Plan], people: Mapping[int, int], fields: Mapping[int, list[str]]
) -> Iterator[Invitation]:
    for plan in plans:
        if not concerns(plan, moment) or plan.on_since is None or moment.occurred_at < plan.on_since:
            continue
        person = people.get(moment.person_id or 0)
        due = moment.occurred_at + timedelta(minutes=plan.delay_minutes)
        ends = due + timedelta(days=plan.ends_days)
        if person is None or ends <= clock.now():
            continue
        drawn = drawing.is_drawn(plan.share, plan.pk, person)
        yield Invitation(
            plan=plan, key=f"survey:{plan.survey_id}:plan:{plan.pk}:{moment.id}", person_id=moment.person_id,
            state=Invitation.State.WAITING if drawn else Invitation.State.SPARED, journey=moment.journey or "",
            conversation=moment.conversation_id, inbox_id=moment.inbox_id,
            fields=_told(moment.facts, fields.get(plan.survey_id, [])) if drawn else {},
            happened_at=moment.occurred_at, due_at=due, ends_at=ends, created_at=clock.now(),
        )  # fmt: skip


def _told(facts: Mapping[str, Any], names: Sequence[str]) -> dict[str, str]:
    """What the survey's hidden fields ask for and the moment says, by the same name."""
    return {name: str(facts[name])[:LONGEST_FIELD] for name in names if isinstance(facts.get(name), str | int | float)}


def _keep(written: Sequence[Invitation]) -> None:
    Invitation.objects.bulk_create(written, ignore_conflicts=True)


def _call_off(moments: Sequence[Moment]) -> None:
    """Who is helped again is asked once that is over."""
    again = [one.journey for one in moments if one.kind == AGAIN_OPEN and one.journey]
    if again:
        waiting = Invitation.objects.filter(journey__in=again, state="waiting", plan__moment="conversation.resolved")
        waiting.update(state="cancelled", reason=sentences.kept(reasons.REOPENED), terms={})
