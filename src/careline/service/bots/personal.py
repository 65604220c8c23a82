"""What this room holds of a person: what a flow asked them. The rest is the house's own, or numbers."""

from __future__ import annotations

from typing import Any

from careline.kit import personal
from careline.service.bots.models import Judged, Run
from careline.service.conversations.models import Conversation


def _runs(person_id: int) -> list[personal.Row]:
    own = Conversation.objects.filter(person_id=person_id).values("pk")
    return [
        {
            "conversation": one.conversation_id,
            "told": dict(one.state.get("values", {})),
            "outcome": one.outcome,
            "begun_at": one.begun_at.isoformat(),
        }
        for one in Run.objects.filter(conversation__in=own).order_by("pk")
    ]


def _erase_runs(person_id: int) -> int:
    return _gone(Run, person_id)


def _judged(person_id: int) -> list[personal.Row]:
    own = Conversation.objects.filter(person_id=person_id).values("pk")
    rows = Judged.objects.filter(conversation__in=own).order_by("pk")
    return [{"message": str(one.message_id), "taken_for": one.ranked, "did": one.band} for one in rows]


def _erase_judged(person_id: int) -> int:
    return _gone(Judged, person_id)


def _gone(model: Any, person_id: int) -> int:
    own = Conversation.objects.filter(person_id=person_id).values("pk")
    return int(model.objects.filter(conversation__in=own).delete()[0])


def register() -> None:
    personal.exempt("bots.Bot", "A flow of the house; it names no customer.")
    personal.exempt("bots.Version", "What a flow was; it names no customer.")
    personal.exempt(
        "bots.Rehearsal", "A talk written by the house to test a flow; none of a customer's is copied here."
    )
    personal.exempt("bots.Answering", "Where a bot answers; it names no customer.")
    personal.exempt("bots.Sketch", "A flow of the house while it is written; it names no customer.")
    personal.exempt("bots.Secret", "A secret of the house, sealed.")
    personal.register("bots.Run", export=_runs, erase=_erase_runs)
    personal.register("bots.Judged", export=_judged, erase=_erase_judged)
