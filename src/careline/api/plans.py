"""Plans of a survey: made, changed, active or not, foretold, and whom they asked."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, drawing, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.experience.surveys.sending import planning, queries
from careline.experience.surveys.sending.queries import SORTS, Asked, Listed
from careline.experience.surveys.sending.shapes import Planned
from careline.kit.refusals import Refused

router = Router(tags=["Surveys"])
SORT = {
    "of": {
        "schema": {"type": "string", "enum": list(SORTS), "default": "drawn"},
        "description": "Behind which of the plan's counts.",
    }
}


@router.get(
    "/surveys/{survey_id}/plans",
    **operation(
        "list_plans", "Whom a survey is sent to by itself", gives=shapes.Plans, paged=True, problems=(404, 422)
    ),
)  # fmt: skip
def index(request: Request, survey_id: str) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    after = cursors.number("q", cursor) if cursor else None
    rows = queries.plans(request.auth, reading.number(survey_id), after=after, limit=limit + 1)
    following = cursors.of_number("q", rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.Plans([_drawn(one) for one in rows[:limit]], following))


@router.post(
    "/surveys/{survey_id}/plans",
    **operation(
        "make_plan", "Make a plan; it asks nobody until it is active", takes=shapes.Planning, gives=shapes.Plan,
        status=201, problems=(404,),
    ),
)  # fmt: skip
def create(request: Request, survey_id: str) -> HttpResponse:
    wanted, survey = _read(asked(request, shapes.Planning)), reading.number(survey_id)
    made = planning.make_plan(survey, wanted, actor=request.auth)
    return told(_drawn(queries.plan(request.auth, survey, made.pk)), 201)


@router.get(
    "/surveys/{survey_id}/plans/{plan_id}",
    **operation("get_plan", "Get a plan with what became of it", gives=shapes.Plan, problems=(404,)),
)
def one(request: Request, survey_id: str, plan_id: str) -> HttpResponse:
    return _told(request, survey_id, plan_id)


@router.put(
    "/surveys/{survey_id}/plans/{plan_id}",
    **operation(
        "change_plan", "Change a plan for what happens from now on", takes=shapes.Planning, gives=shapes.Plan,
        problems=(404,),
    ),
)  # fmt: skip
def change(request: Request, survey_id: str, plan_id: str) -> HttpResponse:
    wanted = _read(asked(request, shapes.Planning))
    planning.change_plan(
        reading.number(plan_id), wanted, actor=request.auth, survey_id=reading.number(survey_id)
    )  # fmt: skip
    return _told(request, survey_id, plan_id)


@router.delete(
    "/surveys/{survey_id}/plans/{plan_id}",
    **operation(
        "drop_plan", "Take a plan away that invited nobody", gives=shapes.Plan, write=True, problems=(404,)
    ),
)  # fmt: skip
def drop(request: Request, survey_id: str, plan_id: str) -> HttpResponse:
    last = _told(request, survey_id, plan_id)
    planning.drop_plan(reading.number(plan_id), actor=request.auth, survey_id=reading.number(survey_id))
    return last


@router.put(
    "/surveys/{survey_id}/plans/{plan_id}/activation",
    **operation("activate_plan", "Ask from now on", gives=shapes.Plan, write=True, problems=(404,)),
)
def activate(request: Request, survey_id: str, plan_id: str) -> HttpResponse:
    planning.switch_on(reading.number(plan_id), actor=request.auth, survey_id=reading.number(survey_id))
    return _told(request, survey_id, plan_id)


@router.delete(
    "/surveys/{survey_id}/plans/{plan_id}/activation",
    **operation(
        "deactivate_plan", "Ask nobody any more, nor those who wait", gives=shapes.Plan, write=True, problems=(404,)
    ),
)  # fmt: skip
def deactivate(request: Request, survey_id: str, plan_id: str) -> HttpResponse:
    planning.switch_off(reading.number(plan_id), actor=request.auth, survey_id=reading.number(survey_id))
    return _told(request, survey_id, plan_id)


@router.get(
    "/surveys/{survey_id}/plans/{plan_id}/forecast",
    **operation(
        "forecast_plan", "Whom a plan would have asked in the last thirty days, or would in its next wave",
        gives=shapes.PlanForecast, problems=(404,),
    ),
)  # fmt: skip
def forecast(request: Request, survey_id: str, plan_id: str) -> HttpResponse:
    survey, number = reading.number(survey_id), reading.number(plan_id)
    known = queries.plan(request.auth, survey, number)
    found = queries.expected(request.auth, survey, known.planned, number)
    return told(shapes.PlanForecast(found.moments, found.people, found.drawn, found.whole))


@router.get(
    "/surveys/{survey_id}/plans/{plan_id}/invitations",
    **operation(
        "list_invitations", "Whom a plan could ask and what became of it, the newest first", gives=shapes.Invitations,
        paged=True, query=SORT, problems=(404, 422),
    ),
)  # fmt: skip
def invitations(request: Request, survey_id: str, plan_id: str) -> HttpResponse:
    given = query(request)
    limit, cursor = reading.page(given)
    before = cursors.number("n", cursor) if cursor else None
    rows = queries.asked(
        request.auth, reading.number(survey_id), reading.number(plan_id), before=before, limit=limit + 1,
        sort=reading.choice(given, "of", SORTS, "drawn"),
    )  # fmt: skip
    following = cursors.of_number("n", rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.Invitations([_invited(row) for row in rows[:limit]], following))


def _told(request: Request, survey_id: str, plan_id: str) -> HttpResponse:
    return told(_drawn(queries.plan(request.auth, reading.number(survey_id), reading.number(plan_id))))


def _read(wanted: shapes.Planning) -> Planned:
    given = msgspec.structs.asdict(wanted) | {
        "inbox_ids": [reading.number(one) for one in wanted.inbox_ids],
        "segment_id": None if wanted.segment_id is None else reading.number(wanted.segment_id),
    }
    try:
        return msgspec.convert(msgspec.to_builtins(given), Planned)
    except msgspec.ValidationError as wrong:
        raise Refused(f"This is no plan: {wrong}.") from wrong


def _drawn(one: Listed) -> shapes.Plan:
    given = msgspec.structs.asdict(one.planned) | {
        "inbox_ids": [str(inbox) for inbox in one.planned.inbox_ids],
        "segment_id": drawing.id_of(one.planned.segment_id),
    }
    counts = {name: getattr(one.counts, name) for name in shapes.PlanCounts.__struct_fields__}
    return shapes.Plan(
        id=str(one.pk), survey_id=str(one.survey_id), active=one.is_on, active_since=one.on_since,
        plan=shapes.Planning(**given), next_wave_at=one.next_at, counts=shapes.PlanCounts(**counts),
        reasons=[shapes.PlanReason(state, reason, n) for state, reason, n in one.counts.why], changed_at=one.changed_at,
    )  # fmt: skip


def _invited(one: Asked) -> shapes.Invited:
    return shapes.Invited(
        id=str(one.pk), state=one.state,  # type: ignore[arg-type]  # the database checks it
        customer_id=drawing.id_of(one.person_id), conversation_id=drawing.id_of(one.conversation),
        happened_at=one.happened_at, due_at=one.due_at, sent_at=one.sent_at, way=one.way, reason=one.reason,
        reminders=one.reminded, response_id=drawing.id_of(one.response),
    )  # fmt: skip
