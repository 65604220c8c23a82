"""How a conversation feels, what is like it, and incidents: one trouble many write about."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.service.assist.alike import actions as alike
from careline.service.assist.alike import queries as likeness
from careline.service.assist.moods import actions, queries

router = Router(tags=["Assist"])


@router.get(
    "/conversations/{conversation_id}/mood",
    **operation("get_mood", "How the customer feels now, and which way it went", gives=shapes.Mood, problems=(404,)),
)
def mood(request: Request, conversation_id: str) -> HttpResponse:
    return told(_mood(request, reading.number(conversation_id)))


@router.put(
    "/conversations/{conversation_id}/mood",
    **operation(
        "say_mood", "How the customer's last words read; the house learns from it", takes=shapes.MoodSaying,
        gives=shapes.Mood, problems=(404,),
    ),
)  # fmt: skip
def say(request: Request, conversation_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.MoodSaying), reading.number(conversation_id)
    actions.thumb(number, wanted.label, actor=request.auth)
    return told(_mood(request, number))


@router.get(
    "/conversations/{conversation_id}/alike",
    **operation(
        "list_alike", "Open conversations of other customers that are about the same, the nearest first",
        gives=shapes.AlikeConversations, paged=True, problems=(404, 422),
    ),
)  # fmt: skip
def near(request: Request, conversation_id: str) -> HttpResponse:
    found = likeness.alike(request.auth, reading.number(conversation_id)).found
    rows, following = paging.of_places("l", request, found, lambda one: (f"{2 - one.score:.3f}", one.row.id))
    items = [
        shapes.AlikeConversation(str(one.row.id), one.score, None if one.incident is None else str(one.incident))
        for one in rows
    ]
    return told(shapes.AlikeConversations(items, following))


@router.get(
    "/incidents",
    **operation(
        "list_incidents", "List incidents, the newest first", gives=shapes.Incidents, paged=True, problems=(422,)
    ),
)
def index(request: Request) -> HttpResponse:
    request.auth.must("conversations.view")
    limit, cursor = reading.page(query(request))
    rows = likeness.incidents(request.auth)
    if cursor:
        at, number = cursors.time_and_number("t", cursor)
        rows = rows.filter(opened_at__lte=at).exclude(opened_at=at, pk__gte=number)
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    following = cursors.of_time("t", last.opened_at, last.pk) if last is not None else None
    return told(shapes.Incidents([_incident(request, one) for one in found[:limit]], following))


@router.post(
    "/incidents",
    **operation(
        "link_incident", "Link conversations about one trouble, into a new incident or one that is there",
        takes=shapes.IncidentLinking, gives=shapes.Incident, status=201, problems=(404,),
    ),
)  # fmt: skip
def link(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.IncidentLinking)
    made = alike.link(
        [reading.number(one) for one in wanted.conversation_ids], actor=request.auth, name=wanted.name,
        incident_id=reading.number(wanted.incident_id) if wanted.incident_id is not None else None,
    )  # fmt: skip
    return told(_one(request, made.pk), 201)


@router.get(
    "/incidents/{incident_id}",
    **operation("get_incident", "Get an incident", gives=shapes.Incident, problems=(404,)),
)
def one(request: Request, incident_id: str) -> HttpResponse:
    return told(_one(request, reading.number(incident_id)))


@router.post(
    "/incidents/{incident_id}/answers",
    **operation(
        "answer_incident", "Reply in each of its open conversations", takes=shapes.IncidentAnswering,
        gives=shapes.IncidentAnswer, status=201, problems=(404,),
    ),
)  # fmt: skip
def answer(request: Request, incident_id: str) -> HttpResponse:
    wanted = asked(request, shapes.IncidentAnswering)
    made = alike.broadcast(reading.number(incident_id), wanted.body, actor=request.auth, once=wanted.once)
    return told(shapes.IncidentAnswer(made.body, made.at, made.sent, made.left_out), 201)


@router.put(
    "/incidents/{incident_id}/closure",
    **operation("close_incident", "Resolve its open conversations", gives=shapes.Incident, write=True, problems=(404,)),
)
def close(request: Request, incident_id: str) -> HttpResponse:
    number = reading.number(incident_id)
    alike.close(number, actor=request.auth)
    return told(_one(request, number))


@router.delete(
    "/incidents/{incident_id}/conversations/{conversation_id}",
    **operation(
        "unlink_incident", "A conversation is about something else after all", gives=shapes.Incidents, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def unlink(request: Request, incident_id: str, conversation_id: str) -> HttpResponse:
    likeness.incident(request.auth, reading.number(incident_id))
    alike.unlink(reading.number(conversation_id), actor=request.auth)
    return index(request)


def _one(request: Request, number: int) -> shapes.Incident:
    return _incident(request, likeness.incident(request.auth, number))


def _incident(request: Request, one: Any) -> shapes.Incident:
    rows = likeness.linked(request.auth, one.pk)
    return shapes.Incident(str(one.pk), one.name, one.opened_at, one.n_open, [str(row.id) for row in rows])


def _mood(request: Request, number: int) -> shapes.Mood:
    found = queries.mood(request.auth, number)
    if found is None:
        return shapes.Mood(None, None, None, [], None, False, 0, 0)
    return shapes.Mood(
        found.label, found.score, found.shift, [shapes.MoodWord(word, weight) for word, weight in found.words],
        found.emotion or None, found.has_turned, found.weighed, found.heard,
    )  # fmt: skip
