"""What was answered: each answer with who gave it, each question with how many of how many, and all of it as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from careline.experience.surveys import counting, queries, recalling, sheets
from careline.experience.surveys.queries import Shown
from careline.experience.surveys.shapes import bounds, metric
from careline.files import queries as files
from careline.web.doors import AgentRequest, signed_in
from careline.web.surveys import words
from careline.web.taking import taken_away

PAGE = 50
# Under so many a share says nothing.
FEW = 10


@require_safe
@signed_in
def answers(request: AgentRequest, survey_id: int) -> HttpResponse:
    found = queries.survey(request.actor, survey_id)
    state = request.GET.get("state", "")
    state = state if state in queries.STATES else "answered"
    given = request.GET.get("before", "")
    before = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None
    rows = queries.responses(request.actor, survey_id, state=state, before=before, limit=PAGE + 1)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    return render(request, "surveys/answers.html", {
        "survey": found, "rows": [_drawn(request, one) for one in rows], "state": state,
        "states": words.answer_states(), "room_states": words.states(),
        "older": f"?state={state}&before={rows[-1].pk}" if more else "", "tab": "answers",
    })  # fmt: skip


@require_safe
@signed_in
def answer(request: AgentRequest, response_id: int) -> HttpResponse:
    one = queries.response(request.actor, response_id)
    found = queries.survey(request.actor, one.survey_id)
    return render(request, "surveys/one.html", {"survey": found, "row": _drawn(request, one)})


@require_safe
@signed_in
def results(request: AgentRequest, survey_id: int) -> HttpResponse:
    found = queries.survey(request.actor, survey_id)
    language = request.actor.language
    rows = []
    for one in counting.results(request.actor, survey_id):
        options = {option.key: recalling.said(option.words, found.form, language) for option in one.question.options}
        rows.append({
            "counted": one, "words": recalling.said(one.question.words, found.form, language),
            "type": words.type_word(one.question.type), "options": options,
            "of_rows": {row.key: recalling.said(row.words, found.form, language) for row in one.question.rows},
        })  # fmt: skip
    return render(request, "surveys/results.html", {
        "survey": found, "rows": rows, "few": FEW, "n": found.complete + found.partial, "tab": "results",
        "room_states": words.states(),
    })  # fmt: skip


@require_safe
@signed_in
def export(request: AgentRequest, survey_id: int) -> StreamingHttpResponse:
    state = request.GET.get("state", "")
    table = sheets.table(request.actor, survey_id, state if state in queries.STATES else "answered")
    return taken_away(table, request.GET.get("format", ""), f"answers-{survey_id}")


def _drawn(request: AgentRequest, one: Shown) -> dict[str, Any]:
    """One answer, question by question, in the reader's language as far as the survey speaks it."""
    language, said = request.actor.language, []
    for question in one.form.questions:
        given = one.answers.get(question.key)
        if given is None:
            continue
        ends = bounds(question)
        said.append({
            "words": recalling.said(question.words, one.form, language), "metric": metric(question),
            "score": given.value if ends else None, "top": ends[1] if ends else None,
            "text": "" if given.value is None or ends else recalling.worded(question, given.value, one.form, language),
            "beside": given.words, "files": _files(given.value) if question.type == "file" else [],
            "is_given": given.is_given,
        })  # fmt: skip
    return {"one": one, "said": said}


def _files(value: Any) -> list[tuple[str, str, int]]:
    """Name, address and size of those that are still there; the address opens the file for who has it."""
    kept = files.by_ids(UUID(one) for one in value or [])
    return [(one.name, files.link(one.id), one.size) for one in kept.values()]
