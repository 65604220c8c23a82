"""What this room holds of a person: what they told us, how their words felt, and how these were answered."""

from __future__ import annotations

from django.db.models import Q

from careline.kit import personal
from careline.service.assist.models import Answered, Felt, Given, Sketch


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


def _given(person_id: int) -> list[personal.Row]:
    rows = Given.objects.filter(person=person_id).select_related("message").order_by("said_at", "pk")
    return [
        {
            "conversation": one.message.conversation_id, "kind": one.kind, "value": one.value,
            "said_at": one.said_at.isoformat(),
        }
        for one in rows
    ]  # fmt: skip


def _forget_given(person_id: int) -> int:
    """Also what stands in a message that was moved from them."""
    return Given.objects.filter(Q(person=person_id) | Q(message__conversation__person=person_id)).delete()[0]


def _felt(person_id: int) -> list[personal.Row]:
    rows = Felt.objects.filter(message__conversation__person=person_id).order_by("message")
    return [{"label": one.label, "score": one.score, "words": one.words, "emotion": one.emotion} for one in rows]


def _forget_felt(person_id: int) -> int:
    theirs = Q(message__conversation__person=person_id) | Q(message__origin__person=person_id)
    return Felt.objects.filter(theirs).delete()[0]


def _forget_sketches(person_id: int) -> int:
    """What their words meant, as numbers; nobody could read them, and they go all the same."""
    return Sketch.objects.filter(conversation__person=person_id).delete()[0]


def register() -> None:
    personal.register("assist.Given", export=_given, erase=_forget_given)
    personal.register("assist.Felt", export=_felt, erase=_forget_felt)
    personal.register("assist.Sketch", export=lambda _one: [], erase=_forget_sketches)
    personal.exempt("assist.Incident", "One trouble many write about, named by the house.")
    personal.exempt("assist.Linked", "It says which conversation is of which incident, and names nobody.")
    personal.exempt("assist.Broadcast", "The house's own words to many; the name of each is filled in when it leaves.")
    personal.exempt("assist.Label", "It says how a message is to be read, and nothing of what stands in it.")
    personal.exempt("assist.Calibration", "Weights learned from many messages at once; no words and no names.")
    personal.register("assist.Answered", export=_answers, erase=_forget_answers)
    personal.exempt("assist.Earning", "How much has to be earned before anything goes by itself; it names nobody.")
    personal.exempt("assist.Trust", "Which intents may be answered without a hand; it names nobody.")
    personal.exempt("assist.Sample", "That an answer went by itself; its words stand in the thread and go with it.")
    personal.exempt("assist.Saved", "A reply the house keeps; it stands for no customer.")
    personal.exempt("assist.Use", "What an agent did with a suggestion; no words, and nobody's name.")
    personal.exempt("assist.Voice", "How the house speaks; it names nobody.")
