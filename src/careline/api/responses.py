"""What was answered: read, added by programs, asked for by links of one's own, and taken away as a file."""

from __future__ import annotations

from django.http import HttpResponse, StreamingHttpResponse
from ninja import Router

from careline.api import cursors, drawing, reading, shapes, taking
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.experience.surveys import actions, delivery, links, queries, sheets
from careline.experience.surveys.queries import STATES, Shown

router = Router(tags=["Surveys"])
STATE = {
    "state": {
        "schema": {"type": "string", "enum": list(STATES), "default": "answered"},
        "description": "Which; answered is complete and partial.",
    }
}


@router.get(
    "/surveys/{survey_id}/responses",
    **operation(
        "list_responses", "What was answered to a survey, the newest first", gives=shapes.SurveyResponses, paged=True,
        query=STATE, problems=(404, 422),
    ),
)  # fmt: skip
def index(request: Request, survey_id: str) -> HttpResponse:
    given = query(request)
    limit, cursor = reading.page(given)
    before = cursors.number("a", cursor) if cursor else None
    state = reading.choice(given, "state", STATES, "answered")
    rows = queries.responses(
        request.auth, reading.number(survey_id), state=state, before=before, limit=limit + 1
    )  # fmt: skip
    following = cursors.of_number("a", rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.SurveyResponses([_drawn(one) for one in rows[:limit]], following))


@router.post(
    "/surveys/{survey_id}/responses",
    **operation(
        "add_response", "Add what somebody answered elsewhere; it stands on their line", takes=shapes.Responding,
        gives=shapes.SurveyResponse, status=201, problems=(404,),
    ),
)  # fmt: skip
def create(request: Request, survey_id: str) -> HttpResponse:
    wanted = asked(request, shapes.Responding)
    kept = actions.add(
        reading.number(survey_id), {key: (one.value, one.words) for key, one in wanted.answers.items()},
        actor=request.auth, person_id=_number(wanted.customer_id), conversation=_number(wanted.conversation_id),
        fields=wanted.fields, language=wanted.language, channel=wanted.channel, at=wanted.answered_at,
        once=wanted.external_id, complete=wanted.complete,
    )  # fmt: skip
    return told(_drawn(queries.response(request.auth, kept.pk)), 201)


@router.get(
    "/surveys/{survey_id}/responses/{response_id}",
    **operation("get_response", "Get what somebody answered", gives=shapes.SurveyResponse, problems=(404,)),
)
def one(request: Request, survey_id: str, response_id: str) -> HttpResponse:
    found = queries.response(request.auth, reading.number(response_id), survey_id=reading.number(survey_id))
    return told(_drawn(found))


@router.post(
    "/surveys/{survey_id}/invitations",
    **operation(
        "invite_to_survey", "Make a customer a link of their own, and ask them now if you say how",
        takes=shapes.Inviting, gives=shapes.SurveyInvitation, status=201, problems=(404, 409),
    ),
)  # fmt: skip
def invite(request: Request, survey_id: str) -> HttpResponse:
    wanted = asked(request, shapes.Inviting)
    number, person, talk = reading.number(survey_id), _number(wanted.customer_id), _number(wanted.conversation_id)
    if wanted.send is None:
        made = actions.invite(
            number, person, conversation=talk, fields=wanted.fields, channel="api", actor=request.auth
        )  # fmt: skip
    else:
        made = delivery.ask(
            number, person, conversation=talk, fields=wanted.fields, way=wanted.send, actor=request.auth
        )  # fmt: skip
    drawn = _drawn(queries.response(request.auth, made.pk))
    return told(shapes.SurveyInvitation(links.address("own", made.pk), drawn), 201)


@router.get(
    "/exports/surveys/{survey_id}",
    **operation(
        "export_responses", "What was answered as a file, a column for each thing there is to an answer",
        gives=taking.GIVES, query=STATE | taking.FORMAT, problems=(404, 422),
    ),
)  # fmt: skip
def export(request: Request, survey_id: str) -> StreamingHttpResponse:
    given = query(request)
    state = reading.choice(given, "state", STATES, "answered")
    format = taking.format_of(given)
    return taking.taken_away(sheets.table(request.auth, reading.number(survey_id), state), format)


@router.get(
    "/surveys/{survey_id}/code",
    **operation(
        "survey_code", "The survey's own link as a QR code", gives="image/svg+xml",
        query={
            "format": {"schema": {"type": "string", "enum": list(delivery.FORMATS), "default": "svg"}},
        },
        problems=(404, 409, 422),
    ),
)  # fmt: skip
def code(request: Request, survey_id: str) -> HttpResponse:
    form = reading.choice(query(request), "format", delivery.FORMATS, "svg")
    kind = "image/svg+xml" if form == "svg" else "image/png"
    return HttpResponse(delivery.code(request.auth, reading.number(survey_id), form), content_type=kind)


def _number(given: str | None) -> int | None:
    return None if given is None else reading.number(given)


def _drawn(one: Shown) -> shapes.SurveyResponse:
    return shapes.SurveyResponse(
        id=str(one.pk), survey_id=str(one.survey_id), version=one.version,
        state=one.state,  # type: ignore[arg-type]  # the database checks it
        test=one.is_test, anonymous=one.anonymous, customer_id=drawing.id_of(one.person_id),
        conversation_id=drawing.id_of(one.conversation),
        answers={key: shapes.Answered(given.value, given.words, given.at) for key, given in one.answers.items()},
        fields=one.fields, language=one.language, channel=one.channel, invited_at=one.invited_at,
        started_at=one.started_at, completed_at=one.completed_at,
    )  # fmt: skip
