"""Surveys: written, published and closed, as a resource each, and how each question was answered."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.experience.surveys import actions, beginnings, counting, links, queries
from careline.experience.surveys.counting import Bar, Counted
from careline.experience.surveys.queries import Listed
from careline.kit.refusals import Refused

router = Router(tags=["Surveys"])


@router.get(
    "/surveys",
    **operation(
        "list_surveys", "List the surveys, the newest first", gives=shapes.Surveys, paged=True, problems=(422,)
    ),
)
def index(request: Request) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    before = cursors.number("u", cursor) if cursor else None
    rows = queries.surveys(request.auth, before=before, limit=limit + 1)
    following = cursors.of_number("u", rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.Surveys([drawn(one) for one in rows[:limit]], following))


@router.post(
    "/surveys",
    **operation(
        "make_survey", "Make a survey: a draft that nobody can answer yet", takes=shapes.SurveyMaking,
        gives=shapes.Survey, status=201,
    ),
)  # fmt: skip
def create(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.SurveyMaking)
    begun = beginnings.named(wanted.beginning) if wanted.beginning else None
    if wanted.beginning and begun is None:
        known = ", ".join(one.key for one in beginnings.BEGINNINGS)
        raise Refused(f"beginning is one of: {known}.", field="beginning")
    form = wanted.form or beginnings.form(begun, request.auth.language)
    made = actions.create(wanted.name, form, actor=request.auth)
    return told(drawn(queries.survey(request.auth, made.pk)), 201)


@router.get(
    "/surveys/{survey_id}",
    **operation("get_survey", "Get a survey", gives=shapes.Survey, problems=(404,)),
)
def one(request: Request, survey_id: str) -> HttpResponse:
    return told(drawn(queries.survey(request.auth, reading.number(survey_id))))


@router.put(
    "/surveys/{survey_id}",
    **operation(
        "write_survey", "Write what a survey is to ask", takes=shapes.SurveyWriting, gives=shapes.Survey,
        problems=(404,),
    ),
)  # fmt: skip
def write(request: Request, survey_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.SurveyWriting), reading.number(survey_id)
    actions.change(number, name=wanted.name, form=wanted.form, revision=wanted.revision, actor=request.auth)
    return told(drawn(queries.survey(request.auth, number)))


@router.delete(
    "/surveys/{survey_id}",
    **operation(
        "remove_survey", "Take a survey away that was never published", gives=shapes.Survey, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def remove(request: Request, survey_id: str) -> HttpResponse:
    last = queries.survey(request.auth, reading.number(survey_id))
    actions.remove(last.pk, actor=request.auth)
    return told(drawn(last))


@router.put(
    "/surveys/{survey_id}/publication",
    **operation(
        "publish_survey", "Ask from now on what is written; a closed survey opens again", gives=shapes.Survey,
        write=True, problems=(404,),
    ),
)  # fmt: skip
def publish(request: Request, survey_id: str) -> HttpResponse:
    number = reading.number(survey_id)
    actions.publish(number, actor=request.auth)
    return told(drawn(queries.survey(request.auth, number)))


@router.delete(
    "/surveys/{survey_id}/publication",
    **operation(
        "close_survey", "Take no further answers; what was answered stays", gives=shapes.Survey, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def close(request: Request, survey_id: str) -> HttpResponse:
    number = reading.number(survey_id)
    actions.close(number, actor=request.auth)
    return told(drawn(queries.survey(request.auth, number)))


@router.get(
    "/surveys/{survey_id}/results",
    **operation(
        "survey_results", "How each question was answered, of how many, and where people left",
        gives=shapes.SurveyResults, problems=(404,),
    ),
)  # fmt: skip
def results(request: Request, survey_id: str) -> HttpResponse:
    found = queries.survey(request.auth, reading.number(survey_id))
    questions = [_counted(one) for one in counting.results(request.auth, found.pk)]
    return told(shapes.SurveyResults(found.complete + found.partial, questions))


def _counted(one: Counted) -> shapes.QuestionResult:
    return shapes.QuestionResult(
        key=one.question.key, type=one.question.type, asked=one.reached, answered=one.answered, skipped=one.skipped,
        left=one.left, words=one.words, distribution=_chosen(one.bars),
        rows={key: _chosen(bars) for key, bars in one.rows}, places=one.places,
    )  # fmt: skip


def _chosen(bars: list[Bar]) -> list[shapes.Chosen]:
    return [shapes.Chosen(bar.value, bar.count, bar.group) for bar in bars]


def drawn(one: Listed) -> shapes.Survey:
    return shapes.Survey(
        id=str(one.pk), code=one.code, name=one.name,
        state=one.state,  # type: ignore[arg-type]  # the database checks it
        version=one.version or None, has_changes=one.has_changes, revision=one.revision, form=one.form,
        url=links.address("open", one.pk) if one.state == "live" else None, complete=one.complete,
        partial=one.partial, invited=one.invited, changed_at=one.changed_at,
    )  # fmt: skip
