"""What this room holds of a person: what was promised to them, and what became of it."""

from __future__ import annotations

from careline.kit import personal
from careline.service.sla.models import Promise


def _promises(person_id: int) -> list[personal.Row]:
    return [
        {
            "conversation": one.course_id, "what": one.what, "begun_at": one.begun_at.isoformat(),
            "minutes": round(one.total.total_seconds() / 60), "due_at": one.due_at and one.due_at.isoformat(),
            "ended_at": one.ended_at and one.ended_at.isoformat(), "outcome": one.outcome,
        }
        for one in Promise.objects.filter(course__conversation__person=person_id).order_by("pk")
    ]  # fmt: skip


def _forget(person_id: int) -> int:
    """What was promised stays to be counted with the conversation; it says nothing of anybody."""
    return 0


def register() -> None:
    personal.register("sla.Promise", export=_promises, erase=_forget)
    personal.exempt("sla.Course", "It says how a conversation stands, in words of the house; it goes with that.")
    personal.exempt("sla.Policy", "What the house promises; it names nobody.")
    personal.exempt("sla.Edition", "What the house promised; it names nobody.")
