"""Answers become moments on the line: when the survey is complete, or half an hour after somebody left it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.experience.surveys import asking
from careline.experience.surveys.models import Response
from careline.experience.surveys.shapes import Answers, Form, Question, bounds, metric
from careline.kit import clock

LEFT_ALONE = timedelta(minutes=30)
AT_ONCE = 500


def settle_due() -> int:
    """What was begun and left goes on the line as far as it came; how many there were."""
    due = Response.objects.filter(
        state="partial", settled_at=None, is_test=False, touched_at__lte=clock.now() - LEFT_ALONE
    )
    return sum(_settle(pk) for pk in due.order_by("touched_at").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _settle(response_id: int) -> int:
    response = Response.objects.select_for_update().filter(pk=response_id, state="partial", settled_at=None).first()
    if response is None or response.touched_at is None or response.touched_at > clock.now() - LEFT_ALONE:
        return 0
    tell(response, actor=SYSTEM)
    response.settled_at = clock.now()
    if asking.following(response.form, response.given, response.fields) is None:
        # Only words beside the last answer were still waited for.
        response.state, response.completed_at, response.stands_at = "complete", response.touched_at, ""
    response.save(update_fields=["told", "settled_at", "state", "completed_at", "stands_at"])
    return 1


def tell(response: Response, *, actor: Actor, only: str | None = None) -> None:
    """One moment for each figure that was answered and is not told yet; one without a figure where none is asked.

    `only` this question's, when it has one.
    """
    for key in due(response):
        if only is None or key == only:
            kind, told = moment(response, key, actor)
            touchpoints.record(kind, **told)
            response.told = [*response.told, key]


def due(response: Response) -> list[str]:
    """The keys of the figures that are not told yet; "" is an answer without any."""
    if response.is_test:
        return []
    form, given = response.form, response.given
    figures = [
        one.key for one in form.questions if metric(one) and one.key in given and given[one.key].value is not None
    ]
    if not figures and any(one.is_given for one in given.values()):
        figures = [""]
    return [key for key in figures if key not in response.told]


def moment(response: Response, key: str, actor: Actor) -> tuple[str, dict[str, Any]]:
    """Its kind, and what is recorded of it."""
    form, given = response.form, response.given
    question = form.question(key) if key else None
    ends = bounds(question) if question is not None else None
    at = (given[key].at if question is not None else None) or response.touched_at or clock.now()
    facts: dict[str, Any] = {
        "survey": response.survey.code, "metric": metric(question) if question is not None else "", "question": key,
        "score": None if question is None else given[key].value, "text": _words(form, question, given),
        "scale_min": ends and ends[0], "scale_max": ends and ends[1],
        "version": response.version and response.version.number, "occurred_at": at,
    }  # fmt: skip
    if response.person_id is None:
        # Not even the number of the answer: over it two figures of one person would find each other.
        nobody = Actor(kind="customer", id=None, name="") if actor.kind == "customer" else actor
        source = f"survey:{response.survey_id}:{key}"
        return "survey.answered-anonymously", {**facts, "actor": nobody, "source": source}
    talk = response.conversation
    return "survey.answered", {
        **facts, "person": response.person_id, "actor": actor, "source": f"response:{response.pk}:{key}",
        "inbox": response.inbox_id, "journey": None if talk is None else f"conversation:{talk}",
        "response": response.pk, "conversation": talk,
    }  # fmt: skip


def _words(form: Form, question: Question | None, given: Answers) -> str:
    """What was said with it: beside the answer, else in the first text asked before the next figure."""
    if question is not None and (beside := given[question.key].words):
        return beside
    return next(_said(form, question, given), "")


def _said(form: Form, question: Question | None, given: Answers) -> Iterator[str]:
    passed = question is None
    for one in form.questions:
        if question is not None and one.key == question.key:
            passed = True
        elif passed and question is not None and metric(one):
            return
        elif passed and (answer := given.get(one.key)) is not None:
            if one.type == "text" and answer.value:
                yield str(answer.value)
            elif answer.words:
                yield answer.words
