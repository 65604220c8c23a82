"""Topics: listed with their figures, opened, searched, named, merged, locked, put away."""

from __future__ import annotations

from typing import cast

import msgspec
from django.db import transaction
from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.insights.metrics.figures import Figure
from careline.insights.topics import actions, queries
from careline.insights.topics.queries import Counted
from careline.kit.refusals import Refused

router = Router(tags=["Analysis"])
_SPANS = [str(one) for one in queries.DAYS]
_DAYS = {"description": "Of how many days.", "schema": {"type": "string", "enum": _SPANS, "default": "28"}}
_AWAY = {
    "description": "Those that were put away.", "schema": {"type": "string", "enum": ["yes", "no"], "default": "no"},
}  # fmt: skip
_WHICH = {
    "description": "Which figure of it.",
    "schema": {"type": "string", "enum": list(queries.WHICH), "default": "all"},
}


@router.get(
    "/topics",
    **operation(
        "list_topics", "List what customers write about, the most frequent first", gives=shapes.Topics,
        query={"days": _DAYS, "away": _AWAY}, problems=(422,),
    ),
)  # fmt: skip
def index(request: Request) -> HttpResponse:
    away = reading.choice(query(request), "away", ("yes", "no"), "no") == "yes"
    found = queries.counts(request.auth, days=_days(request), away=away)
    return told(shapes.Topics([_drawn(one) for one in found.topics], found.whole, found.outside))


@router.get("/topics/search", **operation("get_topic_search", "Get the last search", gives=shapes.TopicSearch))
def search(request: Request) -> HttpResponse:
    return told(_search(request))


@router.post(
    "/topics/search",
    **operation(
        "search_topics", "Search topics again, in the background", gives=shapes.TopicSearch, status=202, write=True
    ),
)
def begin(request: Request) -> HttpResponse:
    actions.find(actor=request.auth)
    return told(_search(request), 202)


@router.get(
    "/topics/{topic_id}",
    **operation(
        "get_topic", "Get a topic", gives=shapes.Topic, query={"days": _DAYS}, problems=(404, 422),
    ),
)  # fmt: skip
def one(request: Request, topic_id: str) -> HttpResponse:
    return told(_drawn(queries.counted(request.auth, reading.number(topic_id), days=_days(request))))


@router.patch(
    "/topics/{topic_id}",
    **operation(
        "change_topic", "Rename, lock, put away, merge or take apart a topic", takes=shapes.TopicChanging,
        gives=shapes.Topic, problems=(404,),
    ),
)  # fmt: skip
def change(request: Request, topic_id: str) -> HttpResponse:
    wanted, number, actor = asked(request, shapes.TopicChanging), reading.number(topic_id), request.auth
    given = {
        name: None if value is msgspec.UNSET else value
        for name, value in (("name", wanted.name), ("is_locked", wanted.locked), ("is_away", wanted.away))
    }
    with transaction.atomic():
        if wanted.merged_into is None:
            actions.part(number, actor=actor)
        actions.change(number, actor=actor, **given)  # type: ignore[arg-type]  # as the shape says
        if isinstance(wanted.merged_into, str):
            actions.merge(number, reading.number(wanted.merged_into), actor=actor)
    return told(_drawn(queries.counted(actor, number)))


@router.get(
    "/topics/{topic_id}/members",
    **operation(
        "list_topic_members", "List the words behind a figure of a topic, the newest first",
        gives=shapes.TopicMembers, paged=True, query={"days": _DAYS, "which": _WHICH}, problems=(404, 422),
    ),
)  # fmt: skip
def members(request: Request, topic_id: str) -> HttpResponse:
    given = query(request)
    limit, cursor = reading.page(given)
    before = cursors.time_and_number("t", cursor) if cursor else None
    which = cast(queries.Which, reading.choice(given, "which", queries.WHICH, "all"))
    rows = queries.members(
        request.auth, reading.number(topic_id), days=_days(request), which=which, before=before, limit=limit + 1
    )
    following = cursors.of_time("t", rows[limit - 1].said_at, rows[limit - 1].id) if len(rows) > limit else None
    drawn = [
        shapes.TopicMember(
            conversation_id=str(each.conversation_id) if each.conversation_id else None,
            response_id=str(each.response_id) if each.response_id else None, said_at=each.said_at, words=each.words,
            mood=each.mood,  # type: ignore[arg-type]  # as it was kept
        )
        for each in rows[:limit]
    ]  # fmt: skip
    return told(shapes.TopicMembers(drawn, following))


def _days(request: Request) -> int:
    found = query(request).get("days", "28")
    if found not in _SPANS:
        raise Refused(f"days is one of {', '.join(_SPANS)}.", field="days")
    return int(found)


def _search(request: Request) -> shapes.TopicSearch:
    run = queries.finding(request.auth)
    if run is None:
        return shapes.TopicSearch(None, None, None, 0, 0, None, [])
    return shapes.TopicSearch(
        run.asked_at, run.began_at, run.ended_at, run.done, run.whole, run.since, list(run.by_letters)
    )


def _drawn(one: Counted) -> shapes.Topic:
    return shapes.Topic(
        id=str(one.id), name=one.name, words=one.words, language=one.language, locked=one.is_locked, away=one.is_away,
        merged_into=str(one.merged_into) if one.merged_into else None,
        parts=[shapes.TopicPart(str(number), name) for number, name in one.parts], count=one.n,
        count_before=one.before, share=_figure(one.share), change=one.change.value if one.change else None,
        change_is_real=one.change.real if one.change else None, negative=_figure(one.negative),
        content=_figure(one.content),
    )  # fmt: skip


def _figure(one: Figure) -> shapes.Achieved:
    return shapes.Achieved(one.value, one.low, one.high, one.n)
