"""Looking at plans, at whom they asked and what became of it, and at whom they would have asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import queries as customers
from careline.experience.surveys import queries as surveys
from careline.experience.surveys.models import Invitation, Plan
from careline.experience.surveys.sending import drawing, inviting, reasons, waves
from careline.experience.surveys.sending.shapes import Planned
from careline.kit import clock
from careline.kit.refusals import NotVisible
from careline.touchpoints import queries as line

LONGEST = 200
# How far back a preview looks, and at how many moments at most.
LOOKED_BACK = timedelta(days=30)
LOOKED_AT = 50_000
# A list for each figure of a plan's page.
SORTS = (
    "eligible", "drawn", "spared", "waiting", "sent", "reminded", "begun", "complete", "refused", "failed", "cancelled",
)  # fmt: skip
_DONE = ("partial", "complete", "surplus")


class Counts(msgspec.Struct, frozen=True):
    """Of everybody a plan could have asked, as far as the viewer sees it: each in exactly one of the six states.

    Eligible are spared and drawn; drawn are waiting, sent, refused, failed and cancelled. Of those sent some began,
    and of these some completed. `why` counts reasons by state: (state, reason in words, how many).
    """

    eligible: int = 0
    drawn: int = 0
    spared: int = 0
    waiting: int = 0
    sent: int = 0
    reminded: int = 0
    begun: int = 0
    complete: int = 0
    refused: int = 0
    failed: int = 0
    cancelled: int = 0
    why: list[tuple[str, str, int]] = []


class Listed(msgspec.Struct, frozen=True):
    """A plan with its counts; `next_at` is when its next wave leaves."""

    pk: int
    survey_id: int
    is_on: bool
    on_since: datetime | None
    planned: Planned
    counts: Counts
    next_at: datetime | None
    changed_at: datetime


class Asked(msgspec.Struct, frozen=True):
    """Somebody a plan could ask; who it is where the viewer sees customers. The reason is in words."""

    pk: int
    state: str
    person_id: int | None
    person_name: str
    conversation: int | None
    happened_at: datetime
    due_at: datetime
    sent_at: datetime | None
    way: str
    reason: str
    reminded: int
    remind_at: datetime | None
    response: int | None
    response_state: str


class Expected(msgspec.Struct, frozen=True):
    """Whom a plan would ask, of how many moments of how many people. Not `whole` where only the last were looked at.

    Of a wave, everybody who belongs to the next one; a moment each.
    """

    moments: int
    people: int
    drawn: int
    whole: bool = True


def plans(actor: Actor, survey_id: int, *, after: int | None = None, limit: int = LONGEST) -> list[Listed]:
    """The first that was made first."""
    rows = Plan.objects.filter(survey=surveys.survey(actor, survey_id).pk).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return _listed(actor, list(rows[:limit]))


def plan(actor: Actor, survey_id: int, plan_id: int) -> Listed:
    return _listed(actor, [_seen(actor, survey_id, plan_id)])[0]


def asked(
    actor: Actor, survey_id: int, plan_id: int, *, sort: str = "drawn", before: int | None = None, limit: int = 50
) -> list[Asked]:
    """Behind a figure, the newest first; `sort` is one of SORTS."""
    rows = _of(actor, [_seen(actor, survey_id, plan_id).pk]).filter(_which(sort)).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("response")[: max(1, min(limit, LONGEST + 1))])
    named = surveys.names(actor, (one.person_id for one in found))
    may = actor.may("customers.view")
    return [
        Asked(
            one.pk, one.state, one.person_id if may else None, named.get(one.person_id or 0, ""), one.conversation,
            one.happened_at, one.due_at, one.sent_at, one.way, reasons.words(one.reason, one.terms), one.reminded,
            one.remind_at, one.response_id, one.response.state if one.response is not None else "",
        )
        for one in found
    ]  # fmt: skip


def expected(actor: Actor, survey_id: int, planned: Planned, plan_id: int | None = None) -> Expected:
    """What such a plan would have asked in the last thirty days, or in its next wave; before any contact rule.

    Who is drawn depends on which plan it is: for one that is not made yet it is a guess of the same size.
    """
    surveys.survey(actor, survey_id)
    one = Plan(pk=plan_id or 0, survey_id=survey_id, **msgspec.structs.asdict(planned) | {"facts": []})
    one.facts = msgspec.to_builtins(planned.facts)
    if planned.kind == "wave":
        belong, drawn = waves.expected(one) if planned.begins_on is not None else (0, 0)
        return Expected(belong, belong, drawn)
    inboxes = list(actor.inbox_ids) if actor.may("conversations.view") else []
    moments = line.of_kind(planned.moment, since=clock.now() - LOOKED_BACK, inboxes=inboxes, limit=LOOKED_AT)
    fitting = [moment for moment in moments if inviting.concerns(one, moment)]
    people = set(customers.canonical_of({moment.person_id or 0 for moment in fitting}).values())
    drawn = sum(drawing.is_drawn(one.share, one.pk, person) for person in people)
    return Expected(len(fitting), len(people), drawn, whole=len(moments) < LOOKED_AT)


def _seen(actor: Actor, survey_id: int, plan_id: int) -> Plan:
    found = Plan.objects.filter(pk=plan_id, survey=surveys.survey(actor, survey_id).pk).first()
    if found is None:
        raise NotVisible(_("There is no such plan."))
    return found


def _of(actor: Actor, plan_ids: Sequence[int]) -> QuerySet[Invitation]:
    return Invitation.objects.visible_to(actor).filter(plan__in=plan_ids)


def _which(sort: str) -> Q:
    match sort:
        case "eligible":
            return Q()
        case "drawn":
            return ~Q(state="spared")
        case "begun":
            return Q(response__state__in=_DONE)
        case "complete":
            return Q(response__state__in=("complete", "surplus"))
        case "reminded":
            return Q(reminded__gt=0)
    return Q(state=sort)


def _listed(actor: Actor, rows: Sequence[Plan]) -> list[Listed]:
    counted = _counted(actor, [one.pk for one in rows])
    return [
        Listed(
            one.pk, one.survey_id, one.is_on, one.on_since, planned(one), counted.get(one.pk, Counts()),
            waves.next_at(one) if one.kind == Plan.Kind.WAVE else None, one.changed_at,
        )
        for one in rows
    ]  # fmt: skip


def planned(one: Plan) -> Planned:
    """As it was said when it was made."""
    told = {name: getattr(one, name) for name in Planned.__struct_fields__}
    return msgspec.convert(told | {"moment": one.moment or "conversation.resolved"}, Planned)


def _counted(actor: Actor, plan_ids: Sequence[int]) -> dict[int, Counts]:
    sums = {sort: Count("pk", filter=_which(sort)) for sort in SORTS if sort != "eligible"}
    rows: Any = _of(actor, plan_ids).order_by().values("plan").annotate(eligible=Count("pk"), **sums)
    why: dict[int, list[tuple[str, str, int]]] = {}
    told = _of(actor, plan_ids).exclude(state__in=("spared", "sent")).exclude(reason="").order_by()
    for row in told.values("plan", "state", "reason").annotate(n=Count("pk")).order_by(F("n").desc(), "reason"):
        why.setdefault(row["plan"], []).append((row["state"], reasons.short(row["reason"]), row["n"]))
    return {
        row["plan"]: Counts(**{sort: row[sort] for sort in SORTS}, why=why.get(row["plan"], [])) for row in rows
    }  # fmt: skip
