"""What this room holds of a person: what went wrong for them, and what was done and given."""

from __future__ import annotations

from typing import Any

from careline.kit import clock, personal
from careline.service.conversations import actions as talks
from careline.service.recovery.models import Cause, Goodwill, Recovery


def _recoveries(person_id: int) -> list[personal.Row]:
    return [
        {
            "conversation": one.conversation_id, "opened_at": one.opened_at.isoformat(),
            "due_at": one.due_at.isoformat(), "closed_at": one.closed_at and one.closed_at.isoformat(),
            "outcome": one.outcome, "resolved": one.resolved, "words": one.words,
            "steps": [
                {"kind": step.kind, "words": step.words, "done_at": step.done_at and step.done_at.isoformat()}
                for step in one.steps.order_by("place")
            ],
            "came_back": one.came_back, "bought": one.bought, "effort": one.effort,
            "recommends": one.recommends,
        }
        for one in Recovery.objects.filter(person_id=person_id).order_by("pk")
    ]  # fmt: skip


def _forget_recoveries(person_id: int) -> int:
    """What was tried stays to be counted; nobody is left to be won back."""
    mine = Recovery.objects.filter(person_id=person_id)
    running = mine.running()
    marked = list(running.values_list("conversation_id", flat=True))
    talks.unmark(marked)
    over: dict[str, Any] = {"outcome": Recovery.Outcome.WITHDRAWN, "resolved": False, "closed_at": clock.now()}
    running.update(**over)
    return mine.update(words="", hold=None)


def _causes(person_id: int) -> list[personal.Row]:
    return [
        {
            "conversation": one.recovery.conversation_id, "kind": one.kind, "at": one.at.isoformat(),
            "metric": one.metric, "score": one.score, "promise": one.promise, "survey": one.survey, "words": one.words,
        }
        for one in Cause.objects.filter(recovery__person=person_id).select_related("recovery").order_by("pk")
    ]  # fmt: skip


def _forget_causes(person_id: int) -> int:
    return Cause.objects.filter(recovery__person=person_id).update(words="", response=None)


def _goodwill(person_id: int) -> list[personal.Row]:
    return [
        {
            "conversation": one.recovery.conversation_id, "amount_minor": one.amount_minor, "currency": one.currency,
            "refund": one.refund, "words": one.words, "given_at": one.given_at.isoformat(),
        }
        for one in Goodwill.objects.filter(recovery__person=person_id).select_related("recovery").order_by("pk")
    ]  # fmt: skip


def _forget_goodwill(person_id: int) -> int:
    return Goodwill.objects.filter(recovery__person=person_id).update(words="")


def register() -> None:
    personal.register("recovery.Recovery", export=_recoveries, erase=_forget_recoveries)
    personal.register("recovery.Cause", export=_causes, erase=_forget_causes)
    personal.register("recovery.Goodwill", export=_goodwill, erase=_forget_goodwill)
    personal.exempt("recovery.Rule", "The house's rules; they name nobody.")
    personal.exempt("recovery.Authority", "It says what a role may give, and names nobody.")
    personal.exempt("recovery.Step", "It says which step of the house's play was done; it goes out with its recovery.")
