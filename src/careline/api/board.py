"""The live board: as it is, what stands behind its numbers, a day of it, and alerts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import drawing, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.insights.live import alerting, figures, history, limits, queries
from careline.insights.live.alerting import Wanted
from careline.insights.live.figures import Board, Line, Service
from careline.insights.metrics.figures import Figure
from careline.kit.refusals import Refused
from careline.service.conversations import queries as talks

router = Router(tags=["Board"])
_QUEUE = {"schema": {"type": "string"}, "description": "Of this queue alone."}
_WHAT = {"schema": {"type": "string", "enum": [*queries.WHAT], "default": "waiting"}, "description": "Which number."}
_AGENT = {"schema": {"type": "string"}, "description": "Of `held`: whose."}
_LEVEL = {"schema": {"type": "integer", "minimum": -2, "maximum": 2}, "description": "Of `felt`; without, unknown."}
_DAY = {"schema": {"type": "string", "format": "date"}, "description": "In the zone of the house; else yesterday."}
_HOUR = {"schema": {"type": "integer", "minimum": 0, "maximum": 24}, "description": "That hour by the minute."}


@router.get(
    "/board", **operation("get_board", "Who waits, who is there and how it goes, as of now", gives=shapes.BoardNow)
)
def now(request: Request) -> HttpResponse:
    found = queries.board(request.auth)
    return told(
        shapes.BoardNow(
            at=found.at, queues=[_queue(one, found) for one in found.lines],
            people=[
                shapes.BoardPerson(
                    str(one.agent), one.name, one.status,  # type: ignore[arg-type]  # the database checks it
                    one.reason, one.since, one.load, one.capacity, one.work,
                )
                for one in found.people
            ],
            promises_soon=found.soon, promises_broken=found.late,
            felt={"unknown" if level is None else str(level): n for level, n in found.felt.items()},
            came=found.arrived, came_usually=list(found.usual),
            passed=[str(one.limit.id) for one in limits.beyond(found)],
        )
    )  # fmt: skip


@router.get(
    "/board/behind",
    **operation(
        "list_behind_board", "The conversations behind a number of the board", gives=shapes.BoardConversations,
        query={"what": _WHAT, "queue_id": _QUEUE, "agent_id": _AGENT, "level": _LEVEL}, problems=(404, 422),
    ),
)  # fmt: skip
def behind(request: Request) -> HttpResponse:
    given = query(request)
    what = reading.choice(given, "what", queries.WHAT, "waiting")
    level = reading.choice(given, "level", ("", "-2", "-1", "0", "1", "2"), "")
    ids = queries.behind(
        request.auth, what, queue=_id(given, "queue_id"), agent=_id(given, "agent_id"),
        level=int(level) if level else None,
    )  # fmt: skip
    rows = {row.id: row for row in talks.these(request.auth, ids)}
    return told(shapes.BoardConversations([drawing.conversation(rows[pk]) for pk in ids if pk in rows], None))


@router.get(
    "/board/history",
    **operation(
        "get_board_history", "A day of the board by the hour, or an hour of it by the minute", gives=shapes.BoardDay,
        query={"day": _DAY, "hour": _HOUR, "queue_id": _QUEUE}, problems=(422,),
    ),
)  # fmt: skip
def day(request: Request) -> HttpResponse:
    given = query(request)
    hour = reading.choice(given, "hour", ("", *map(str, range(25))), "")
    found = history.day(
        request.auth, _day(given.get("day", "")), queue=_id(given, "queue_id"), hour=int(hour) if hour else None
    )
    return told(
        shapes.BoardDay(
            day=found.day.isoformat(), since=found.since, until=found.until,
            stretches=[
                shapes.BoardStretch(
                    one.at, one.kept, one.waiting, one.longest_s, one.came, one.ready_low, one.ready_high
                )
                for one in found.stretches
            ],
            queues=[
                shapes.BoardQueueDay(
                    str(one.queue), one.name, one.service.taken, one.service.within, one.service.given_up,
                    *_shares(one.service),
                )
                for one in found.queues
            ],
        )
    )  # fmt: skip


@router.get("/alerts", **operation("list_alerts", "Limits on figures of the board", gives=shapes.Alerts))
def alerts(request: Request) -> HttpResponse:
    return told(shapes.Alerts([_alert(one) for one in alerting.alerts(request.auth)], None))


@router.post(
    "/alerts",
    **operation(
        "make_alert", "Tell colleagues when a figure of the board passes a limit", takes=shapes.AlertKeeping,
        gives=shapes.Alert, status=201, problems=(404,),
    ),
)  # fmt: skip
def make(request: Request) -> HttpResponse:
    made = alerting.keep_alert(_wanted(asked(request, shapes.AlertKeeping)), actor=request.auth)
    return told(_alert(made), 201)


@router.get("/alerts/{alert_id}", **operation("get_alert", "Get an alert", gives=shapes.Alert, problems=(404,)))
def one(request: Request, alert_id: str) -> HttpResponse:
    return told(_alert(alerting.alert(request.auth, reading.number(alert_id))))


@router.put(
    "/alerts/{alert_id}",
    **operation(
        "keep_alert", "Change an alert; it begins anew", takes=shapes.AlertKeeping, gives=shapes.Alert, problems=(404,)
    ),
)
def keep(request: Request, alert_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.AlertKeeping), reading.number(alert_id)
    return told(_alert(alerting.keep_alert(_wanted(wanted), actor=request.auth, alert_id=number)))


@router.delete(
    "/alerts/{alert_id}",
    **operation("drop_alert", "Take an alert away", gives=shapes.Alert, write=True, problems=(404,)),
)
def drop(request: Request, alert_id: str) -> HttpResponse:
    number = reading.number(alert_id)
    last = _alert(alerting.alert(request.auth, number))
    alerting.drop_alert(number, actor=request.auth)
    return told(last)


def _id(given: Any, name: str) -> int | None:
    return reading.number(given[name]) if given.get(name) else None


def _day(said: str) -> date:
    if not said:
        return history.yesterday()
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Refused("day is a date: 2026-11-22.", field="day") from None


def _queue(one: Line, found: Board) -> shapes.BoardQueue:
    service = one.service
    return shapes.BoardQueue(
        str(one.queue), one.name, one.waiting,
        round((found.at - one.oldest[0]).total_seconds()) if one.oldest else 0, one.expected_s, one.target_s,
        one.target_percent, service.taken, service.within, service.given_up, service.at_once, service.soon,
        *_shares(service),
    )  # fmt: skip


def _shares(service: Service) -> tuple[shapes.Achieved, shapes.Achieved, shapes.Achieved]:
    return _figure(service.level(figures.USUAL)), _figure(service.level("strict")), _figure(service.abandonment())


def _figure(one: Figure) -> shapes.Achieved:
    return shapes.Achieved(one.value, one.low, one.high, one.n)


def _wanted(said: shapes.AlertKeeping) -> Wanted:
    return Wanted(
        figure=said.figure, limit=said.limit, is_on=said.on,
        queue=None if said.queue_id is None else reading.number(said.queue_id),
        recipients=[reading.number(one) for one in said.recipients],
    )  # fmt: skip


def _alert(one: Any) -> shapes.Alert:
    is_most = one.at_most is not None
    return shapes.Alert(
        id=str(one.pk), figure=one.figure, way="most" if is_most else "least",
        limit=one.at_most if is_most else one.at_least, queue_id=drawing.id_of(one.queue_id),
        recipients=[str(pk) for pk in one.recipients], on=one.is_on,
    )  # fmt: skip
