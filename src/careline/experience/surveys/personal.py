"""What this room holds of a person: what they answered."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from careline.experience.surveys import shapes
from careline.experience.surveys.models import Response
from careline.experience.surveys.shapes import Answer, Answers
from careline.kit import personal

# What somebody wrote or sent; the rest is a number or a choice from a list.
_OWN_WORDS = ("text", "file")


def _export(person_id: int) -> list[personal.Row]:
    rows = Response.objects.filter(person_id=person_id).select_related("survey", "version").order_by("pk")
    return [
        {
            "survey": one.survey.name, "state": one.state, "answers": _questioned(one), "fields": one.fields,
            "language": one.language, "channel": one.channel, "conversation": one.conversation,
            "invited_at": one.invited_at and one.invited_at.isoformat(),
            "started_at": one.started_at and one.started_at.isoformat(),
            "completed_at": one.completed_at and one.completed_at.isoformat(),
        }
        for one in rows
    ]  # fmt: skip


def _questioned(one: Response) -> list[dict[str, Any]]:
    """With the questions, without which numbers say nothing."""
    form, given = one.form, one.given
    first = form.languages[0]
    return [
        {
            "question": question.words.get(one.language) or question.words.get(first, ""),
            "answer": given[question.key].value, "words": given[question.key].words,
        }
        for question in form.questions if question.key in given
    ]  # fmt: skip


def _erase(person_id: int) -> int:
    """The numbers stay to be counted; words, files and everything that leads to somebody go."""
    rows = list(Response.objects.select_for_update().filter(person_id=person_id))
    Response.objects.filter(Q(state="invited") | Q(is_test=True), pk__in=[one.pk for one in rows]).delete()
    kept = [one for one in rows if one.state != "invited" and not one.is_test]
    for one in kept:
        one.answers = shapes.stored(_without_words(one.form, one.given))
        one.person, one.conversation, one.inbox_id, one.fields, one.once = None, None, None, {}, None
        one.anonymous = True
        one.save()
    return len(rows)


def _without_words(form: shapes.Form, given: Answers) -> Answers:
    types = {one.key: one.type for one in form.questions}
    return {
        key: Answer(None if types.get(key, "text") in _OWN_WORDS else answer.value, at=answer.at)
        for key, answer in given.items()
    }


def register() -> None:
    personal.register("surveys.Response", export=_export, erase=_erase)
    personal.exempt("surveys.Survey", "Questions of the house, and nothing anybody answered.")
    personal.exempt("surveys.Version", "Questions of the house, and nothing anybody answered.")
