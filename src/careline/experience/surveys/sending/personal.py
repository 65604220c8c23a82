"""What invitations hold of a person: that they could be asked, about what, and what became of it."""

from __future__ import annotations

from django.db.models import Case, TextField, Value, When

from careline.experience.surveys.models import Invitation
from careline.experience.surveys.sending import reasons
from careline.kit import personal, sentences


def _export(person_id: int) -> list[personal.Row]:
    rows = Invitation.objects.filter(person=person_id).select_related("plan__survey").order_by("pk")
    return [
        {
            "survey": one.plan.survey.name, "plan": one.plan.name, "state": one.state, "conversation": one.conversation,
            "fields": one.fields, "happened_at": one.happened_at.isoformat(), "way": one.way,
            "sent_at": one.sent_at and one.sent_at.isoformat(), "reason": reasons.words(one.reason, one.terms),
        }
        for one in rows
    ]  # fmt: skip


def _erase(person_id: int) -> int:
    """That somebody was asked stays to be counted; who and about what goes."""
    gone = Case(When(state="waiting", then=Value("cancelled")), default="state", output_field=TextField())
    why = Case(
        When(reason="", state__in=("spared", "sent"), then=Value("")), default=Value(sentences.kept(reasons.GONE))
    )
    return Invitation.objects.filter(person=person_id).update(
        state=gone, reason=why, terms={}, person=None, journey="", conversation=None, inbox_id=None, fields={},
        remind_at=None, claimed_until=None, outbound=None,
    )  # fmt: skip


def register() -> None:
    personal.register("surveys.Invitation", export=_export, erase=_erase)
    personal.exempt("surveys.Plan", "Whom the house asks by itself, by rules that name nobody.")
