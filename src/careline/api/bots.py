"""Bots: what flows are written and published, their versions, and the templates they begin with."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import drawing, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.api.house import paged
from careline.kit.refusals import Refused
from careline.service.bots import actions, beginnings, queries, sketching

router = Router(tags=["Bots"])


@router.get("/bots", **operation("list_bots", "List the bots, by name", gives=shapes.Bots, paged=True, problems=(422,)))
def index(request: Request) -> HttpResponse:
    rows, following = paged("bo", queries.listed(request.auth), request)
    same = queries.unchanged(rows)
    return told(shapes.Bots([shapes.Bot(**_outlined(one, same)) for one in rows], following))


@router.post(
    "/bots",
    **operation(
        "make_bot", "Make a bot from a template or from text, as a draft", takes=shapes.BotMaking,
        gives=shapes.BotWritten, status=201, problems=(404,),
    ),
)  # fmt: skip
def make(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.BotMaking)
    if (wanted.text is None) == (wanted.template is None):
        raise Refused("Give a template or a text.", field="text")
    if wanted.text is not None:
        made = actions.keep(wanted.text, actor=request.auth)
    else:
        made = beginnings.begin(wanted.template or "", actor=request.auth, called=wanted.name)
    return _told(request, made.pk, 201)


@router.get(
    "/bot-templates",
    **operation(
        "list_bot_templates", "List what bots can begin with", gives=shapes.BotTemplates, paged=True, problems=(422,)
    ),
)
def templates(request: Request) -> HttpResponse:
    request.auth.must("bots.manage")
    called, every = beginnings.words(), list(enumerate(beginnings.NAMES))
    rows, following = paging.of_places("bt", request, every, lambda one: ("", one[0]))
    items = [
        shapes.BotTemplate(
            name, *called[name], beginnings.known(name), len(beginnings.one(name).talks), beginnings.one(name).text
        )
        for _place, name in rows
    ]
    return told(shapes.BotTemplates(items, following))


@router.get(
    "/bots/{bot_id}",
    **operation("get_bot", "Get a bot with its draft and how that stands", gives=shapes.BotWritten, problems=(404,)),
)
def one(request: Request, bot_id: str) -> HttpResponse:
    return _told(request, reading.number(bot_id))


@router.put(
    "/bots/{bot_id}",
    **operation(
        "write_bot", "Write another draft; what is published stays as it is", takes=shapes.BotWriting,
        gives=shapes.BotWritten, problems=(404,),
    ),
)  # fmt: skip
def write(request: Request, bot_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.BotWriting), reading.number(bot_id)
    if wanted.changed_at is None:
        actions.keep(wanted.text, actor=request.auth, bot_id=number)
    else:
        sketching.keep(number, wanted.text, actor=request.auth, begun_from=wanted.changed_at)
    return _told(request, number)


@router.delete(
    "/bots/{bot_id}",
    **operation(
        "drop_bot", "Take a bot away, with its versions and rehearsals", gives=shapes.BotWritten, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def drop(request: Request, bot_id: str) -> HttpResponse:
    last = _written(request, reading.number(bot_id))
    actions.drop(int(last.id), actor=request.auth)
    return told(last)


@router.put(
    "/bots/{bot_id}/publication",
    **operation(
        "publish_bot", "Publish the draft; refused where a rehearsal goes another way", gives=shapes.BotWritten,
        write=True, problems=(404,),
    ),
)  # fmt: skip
def publish(request: Request, bot_id: str) -> HttpResponse:
    number = reading.number(bot_id)
    actions.publish(number, actor=request.auth)
    return _told(request, number)


@router.get(
    "/bots/{bot_id}/versions",
    **operation(
        "list_bot_versions", "What was published of a bot, the newest first", gives=shapes.BotVersions, paged=True,
        problems=(404, 422),
    ),
)  # fmt: skip
def versions(request: Request, bot_id: str) -> HttpResponse:
    kept = queries.versions(request.auth, reading.number(bot_id))
    rows, following = paging.of_places("bv", request, kept, lambda one: paging.newest(one.number))
    items = [
        shapes.BotVersion(one.number, one.text, one.taken, one.exits, one.at, drawing.id_of(one.agent_id))
        for one in rows
    ]
    return told(shapes.BotVersions(items, following))


def _told(request: Request, bot_id: int, status: int = 200) -> HttpResponse:
    return told(_written(request, bot_id), status)


def _written(request: Request, bot_id: int) -> shapes.BotWritten:
    bot = queries.one(request.auth, bot_id)
    found = queries.standing_of(bot)
    ways = len(found.coverage.taken) + len(found.coverage.missed)
    return shapes.BotWritten(
        **_outlined(bot, queries.unchanged([bot])), text=bot.text, rehearsals=len(found.rehearsals),
        failing=found.failing, ways=ways, missed=[shapes.BotWay(*way) for way in found.coverage.missed],
    )  # fmt: skip


def _outlined(bot: Any, same: set[int]) -> dict[str, Any]:
    flow = queries.flow_of(bot.text)
    return {
        "id": str(bot.pk), "name": bot.name, "intents": flow.intents, "steps": len(flow.steps),
        "version": bot.version, "draft": bot.pk not in same, "changed_at": bot.changed_at,
    }  # fmt: skip
