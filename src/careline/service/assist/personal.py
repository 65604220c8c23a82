"""What this room holds of a person: what they asked and what was answered, without their name."""

from __future__ import annotations

from careline.kit import personal
from careline.service.assist.models import Answered


def _answers(person_id: int) -> list[personal.Row]:
    return [
        {
            "conversation": one.conversation_id, "said_at": one.said_at.isoformat(), "asked": one.asked,
            "reply": one.reply,
        }
        for one in Answered.objects.filter(person_id=person_id).order_by("pk")
    ]  # fmt: skip


def _forget_answers(person_id: int) -> int:
    return Answered.objects.filter(person_id=person_id).delete()[0]


def register() -> None:
    personal.register("assist.Answered", export=_answers, erase=_forget_answers)
    personal.exempt("assist.Saved", "A reply the house keeps; it stands for no customer.")
    personal.exempt("assist.Use", "What an agent did with a suggestion; no words, and nobody's name.")
    personal.exempt("assist.Voice", "How the house speaks; it names nobody.")
