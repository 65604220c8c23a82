"""The board as somebody sees it, and the conversations behind each of its numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.insights.live import figures, looks
from careline.insights.live.figures import Board
from careline.kit import clock
from careline.kit.refusals import NotVisible
from careline.service.conversations.models import Conversation
from careline.service.routing.models import Stay, Waiting

# So many are listed; the number on the board counts all.
MOST = 100
WHAT = ("waiting", "taken", "late", "given_up", "held", "felt", "low", "arrived", "soon", "overdue")

# How the customer of a conversation felt last.
_FELT = (
    "(SELECT (coalesce(r.scrap, p.scrap))[cardinality(coalesce(r.scrap, p.scrap))] FROM customers_person p"
    " LEFT JOIN customers_person r ON r.id = p.canonical_id WHERE p.id = conversations_conversation.person_id)"
)


def board(actor: Actor, *, at: datetime | None = None) -> Board:
    actor.must("board.view")
    seen = looks.look(at or clock.now())
    if seen is None:
        raise NotVisible(_("There is no board yet."))
    return figures.board(seen, seen_by(actor))


def seen_by(actor: Actor) -> tuple[int, ...]:
    """Inboxes whose conversations count on the actor's board."""
    return actor.inbox_ids if actor.may("conversations.view") else ()


def behind(
    actor: Actor,
    what: str,
    *,
    queue: int | None = None,
    agent: int | None = None,
    level: int | None = None,
    at: datetime | None = None,
) -> list[int]:
    """Numbers of the conversations behind a figure, those that matter most first. `level` None is not known."""
    actor.must("board.view")
    now = at or clock.now()
    house = looks.HOUSE.one(now=now)
    if what not in WHAT or house is None:
        raise NotVisible(_("There is no such number on the board."))
    talks = Conversation.objects.visible_to(actor)
    match what:
        case "waiting":
            rows: QuerySet[Any] = Waiting.objects.filter(conversation__in=talks).order_by("since", "pk")
            return list((rows.filter(queue=queue) if queue else rows).values_list("pk", flat=True)[:MOST])
        case "taken" | "late" | "given_up":
            ended = _ended(what).filter(conversation__in=talks, ended_at__gte=house.midnight)
            found = (ended.filter(queue=queue) if queue else ended).order_by("-waited", "-pk")
            return list(dict.fromkeys(found.values_list("conversation_id", flat=True)[:MOST]))
        case "held":
            rows = talks.filter(assignee=agent, state="open").order_by("active_at", "pk")
        case "felt":
            rows = _felt(talks.filter(state="open"), "IS NOT DISTINCT FROM %s::smallint", [level]).order_by(
                "active_at", "pk"
            )
        case "low":
            rows = _felt(talks.filter(state="open"), "< 0", []).order_by("active_at", "pk")
        case "soon":
            rows = talks.filter(due_at__gt=now, due_at__lte=now + looks.AHEAD).order_by("due_at", "pk")
        case "overdue":
            rows = talks.filter(due_at__lte=now).order_by("due_at", "pk")
        case _:
            rows = talks.filter(opened_at__gte=house.midnight).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[:MOST])


def _ended(what: str) -> QuerySet[Any]:
    how = "given_up" if what == "given_up" else "taken"
    found = Stay.objects.filter(how=how).annotate(waited=F("ended_at") - F("since"))
    if what != "late":
        return found
    return found.extra(where=["ended_at - since > make_interval(secs => target_s)"])  # nothing is given


def _felt(talks: QuerySet[Conversation], how: str, given: list[int | None]) -> QuerySet[Conversation]:
    return talks.extra(where=[f"{_FELT} {how}"], params=given)  # noqa: S610
