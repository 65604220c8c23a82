"""Looks at recoveries, as far as the viewer sees their conversations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.accounts.models import Agent
from careline.customers import queries as customers
from careline.kit import clock
from careline.kit.refusals import NotVisible, Refused
from careline.service.recovery.models import Authority, Goodwill, Recovery, Rule

LONGEST = 200
Place = tuple[datetime, int]
# Which of them: running, late, or by how they ended and what became of them.
WHICH: dict[str, Q] = {
    "all": Q(),
    "running": Q(closed_at=None),
    "late": Q(closed_at=None, escalated_at__isnull=False),
    "closed": Q(outcome__in=["reached", "missed"]),
    "reached": Q(outcome="reached"),
    "missed": Q(outcome="missed"),
    "withdrawn": Q(outcome="withdrawn"),
    "in_time": Q(outcome__in=["reached", "missed"], closed_at__lte=F("due_at")),
    "resolved": Q(outcome__in=["reached", "missed"], resolved=True),
    **{
        f"{side}_{name}": Q(outcome=side, measured_at__isnull=False) & also
        for side in ("reached", "missed")
        for name, also in (
            ("came_back", Q(came_back=True)),
            ("bought", Q(bought=True)),
            ("measured", Q()),
            ("said", Q(recommends__isnull=False)),
            ("recommends", Q(recommends=True)),
        )
    },
}


class Sums(msgspec.Struct, frozen=True):
    """Of one side: how many ended so, of how many what came after is known, and what that was; who `said` by then
    whether they would recommend us."""

    n: int
    measured: int
    came_back: int
    bought: int
    effort: int
    effort_squares: int
    said: int
    recommends: int


class Counted(msgspec.Struct, frozen=True):
    running: int
    late: int
    closed: int
    in_time: int
    resolved: int
    withdrawn: int
    given_minor: int
    reached: Sums
    missed: Sums


def recoveries(
    actor: Actor,
    *,
    which: str = "all",
    since: datetime | None = None,
    before: Place | None = None,
    limit: int = 50,
) -> list[Recovery]:
    """The newest first, with what goes with each; `since` when they were opened."""
    if which not in WHICH:
        raise Refused(_("Choose one from the list."), field="which")
    rows = _seen(actor, since).filter(WHICH[which]).order_by("-opened_at", "-pk")
    if before is not None:
        rows = rows.filter(Q(opened_at__lt=before[0]) | Q(opened_at=before[0], pk__lt=before[1]))
    return list(_whole(rows)[: max(1, min(limit, LONGEST + 1))])


def recovery(actor: Actor, recovery_id: int) -> Recovery:
    found = _whole(Recovery.objects.visible_to(actor)).filter(pk=recovery_id).first()
    if found is None:
        raise no_recovery()
    return found


def running_in(actor: Actor, conversation_id: int) -> Recovery | None:
    return _whole(Recovery.objects.visible_to(actor).running()).filter(conversation=conversation_id).first()


def running_of(actor: Actor, person_id: int) -> Recovery | None:
    """Whichever of their ids it was begun under."""
    return _whole(Recovery.objects.visible_to(actor).running()).filter(person__in=customers.ids_of(person_id)).first()


def no_recovery() -> NotVisible:
    return NotVisible(_("There is no such recovery."))


def counted(actor: Actor, *, since: datetime | None = None) -> Counted:
    """Of all the viewer sees that were opened since."""

    def of(name: str) -> Any:
        return Count("pk", filter=WHICH[name])

    sides = {
        f"{side}_{name}": how
        for side in ("reached", "missed")
        for name, how in {
            "n": of(side),
            "measured_n": of(f"{side}_measured"),
            "came_back_n": of(f"{side}_came_back"),
            "bought_n": of(f"{side}_bought"),
            "effort": Sum("effort", filter=WHICH[f"{side}_measured"], default=0),
            "squares": Sum(F("effort") * F("effort"), filter=WHICH[f"{side}_measured"], default=0),
            "said_n": of(f"{side}_said"),
            "recommends_n": of(f"{side}_recommends"),
        }.items()
    }
    rows = _seen(actor, since)
    names = ("running", "late", "closed", "in_time", "resolved", "withdrawn")
    found = rows.aggregate(**{f"{name}_n": of(name) for name in names}, **sides)
    given = Goodwill.objects.filter(recovery__in=rows.values("pk")).aggregate(sum=Sum("amount_minor", default=0))
    return Counted(
        **{name: found[f"{name}_n"] for name in names}, given_minor=given["sum"],
        reached=_sums(found, "reached"), missed=_sums(found, "missed"),
    )  # fmt: skip


def _sums(found: dict[str, int], side: str) -> Sums:
    names = ("n", "measured_n", "came_back_n", "bought_n", "effort", "squares", "said_n", "recommends_n")
    return Sums(*(found[f"{side}_{name}"] for name in names))


def _seen(actor: Actor, since: datetime | None) -> QuerySet[Recovery]:
    rows = Recovery.objects.visible_to(actor)
    return rows if since is None else rows.filter(opened_at__gte=since)


def _whole(rows: QuerySet[Recovery]) -> QuerySet[Recovery]:
    beside = rows.select_related("conversation", "conversation__assignee", "conversation__team", "person")
    return beside.prefetch_related("causes", "steps", "goodwill")


def rules(actor: Actor) -> list[Rule]:
    """In the order they are asked; seen by whoever answers customers."""
    actor.must("conversations.view")
    return list(Rule.objects.select_related("team", "lead").order_by("pk"))


def rule(actor: Actor, rule_id: int) -> Rule:
    found = next((one for one in rules(actor) if one.pk == rule_id), None)
    if found is None:
        raise NotVisible(_("There is no such rule."))
    return found


def authorities(actor: Actor, *, refund: bool = False) -> dict[int, int]:
    """What each role may give, or pay back, by its number."""
    actor.must("conversations.view")
    return dict(Authority.objects.filter(refund=refund).values_list("role_id", "most_minor"))


def authority_of(actor: Actor, *, refund: bool = False) -> int:
    """What whoever acts may give, or pay back, in one recovery; who is no agent gives nothing."""
    if actor.agent_id is None:
        return 0
    role = Agent.objects.filter(pk=actor.agent_id).values("role")
    of_role = Authority.objects.filter(role__in=role, refund=refund)
    return of_role.values_list("most_minor", flat=True).first() or 0


def given(recovery: Recovery, *, refund: bool = False) -> int:
    total: int = Goodwill.objects.filter(recovery=recovery, refund=refund).aggregate(
        sum=Sum("amount_minor", default=0)
    )["sum"]
    return total


def names(ids: Sequence[int | None]) -> dict[int, str]:
    """What colleagues are called, those who left too."""
    return dict(Agent.objects.filter(pk__in=[one for one in ids if one]).values_list("pk", "name"))


def is_late(one: Recovery) -> bool:
    return one.closed_at is None and one.due_at <= clock.now()
