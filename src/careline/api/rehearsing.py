"""A bot's draft tried out, and the talks it has to go the same way in before it is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.kit.refusals import Refused
from careline.service.bots import actions, queries
from careline.service.bots.core import machine, recording
from careline.service.bots.core.state import Answered, Begun, Happening, Heard, Phrase, Wanted, Woken
from careline.service.bots.talking import PHRASES

router = Router(tags=["Bots"])


@router.post(
    "/bots/{bot_id}/trial",
    **operation(
        "try_bot", "Talk to the draft: what it would say, and the way it takes; nothing is kept or done",
        takes=shapes.BotTrying, gives=shapes.BotTrial, problems=(404,),
    ),
)  # fmt: skip
def attempt(request: Request, bot_id: str) -> HttpResponse:
    wanted = asked(request, shapes.BotTrying)
    bot = queries.one(request.auth, reading.number(bot_id))
    flow = queries.flow_of(bot.text if wanted.text is None else wanted.text)
    state, turns = machine.begin(flow, wanted.values, verified=wanted.verified), []
    for event in [Begun(), *_happened(wanted.events)]:
        moved = machine.step(flow, state, event)
        state = moved.state
        wants = [_wanted(one) for one in moved.commands]
        turns.append(shapes.BotTurn(wants, [shapes.BotWay(*way) for way in moved.taken]))
    return told(shapes.BotTrial(turns, state.at, state.awaits, state.values))


@router.get(
    "/bots/{bot_id}/rehearsals",
    **operation(
        "list_bot_rehearsals", "List a bot's rehearsals and whether its draft still goes their way",
        gives=shapes.BotRehearsals, paged=True, problems=(404, 422),
    ),
)  # fmt: skip
def index(request: Request, bot_id: str) -> HttpResponse:
    bot = queries.one(request.auth, reading.number(bot_id))
    kept = queries.rehearsals(request.auth, bot.pk)
    rows, following = paging.of_places("br", request, kept, lambda one: (one.name, one.pk))
    return told(shapes.BotRehearsals([_drawn(one, bot) for one in rows], following))


@router.post(
    "/bots/{bot_id}/rehearsals",
    **operation(
        "rehearse_bot", "Keep a talk as a rehearsal, the way the draft goes now", takes=shapes.BotRehearsing,
        gives=shapes.BotRehearsal, status=201, problems=(404,),
    ),
)  # fmt: skip
def keep(request: Request, bot_id: str) -> HttpResponse:
    wanted = asked(request, shapes.BotRehearsing)
    kept = actions.rehearse(
        reading.number(bot_id), wanted.name, _happened(wanted.events), actor=request.auth, values=wanted.values,
        verified=wanted.verified,
    )  # fmt: skip
    return told(_drawn(kept, kept.bot), 201)


@router.put(
    "/bots/{bot_id}/rehearsals/{rehearsal_id}/way",
    **operation(
        "accept_bot_rehearsal", "It is meant so: the way the draft goes now becomes the way to go",
        gives=shapes.BotRehearsal, write=True, problems=(404,),
    ),
)  # fmt: skip
def again(request: Request, bot_id: str, rehearsal_id: str) -> HttpResponse:
    found = queries.rehearsal_of(request.auth, reading.number(bot_id), reading.number(rehearsal_id))
    kept = actions.rehearse_again(found.bot_id, found.name, actor=request.auth)
    return told(_drawn(kept, kept.bot))


@router.delete(
    "/bots/{bot_id}/rehearsals/{rehearsal_id}",
    **operation(
        "drop_bot_rehearsal", "Take a rehearsal away; it binds no more", gives=shapes.BotRehearsal, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def drop(request: Request, bot_id: str, rehearsal_id: str) -> HttpResponse:
    found = queries.rehearsal_of(request.auth, reading.number(bot_id), reading.number(rehearsal_id))
    last = _drawn(found, found.bot)
    actions.forget(found.bot_id, found.name, actor=request.auth)
    return told(last)


def _happened(events: Sequence[shapes.BotEvent]) -> list[Happening]:
    return [_event(one, number) for number, one in enumerate(events, 1)]


def _event(one: shapes.BotEvent, number: int) -> Happening:
    if (one.heard is not None) + (one.brings is not None) + one.fails + one.woken != 1:
        raise Refused(f"Event {number}: give one of heard, brings, fails and woken.", field="events")
    if one.heard is not None:
        return Heard(one.heard)
    return Woken() if one.woken else Answered(one.brings or {}, failed=one.fails)


def _told(event: Happening) -> shapes.BotEvent:
    if isinstance(event, Heard):
        return shapes.BotEvent(heard=event.text)
    if isinstance(event, Answered) and not event.failed:
        return shapes.BotEvent(brings=event.values)
    return shapes.BotEvent(fails=isinstance(event, Answered), woken=isinstance(event, Woken))


def _wanted(one: Wanted) -> shapes.BotWanted:
    """A sentence of the house's own is told in English."""
    said: Mapping[str, str] = {"en": PHRASES[one.phrase]} if isinstance(one, Phrase) else getattr(one, "words", {})
    return shapes.BotWanted(
        one.__struct_config__.tag, one.step, dict(said),  # type: ignore[arg-type]  # its tag is one of them
        list(getattr(one, "options", ())), getattr(one, "reason", None), getattr(one, "minutes", None),
        getattr(one, "sends", {}), getattr(one, "resolves", False),
    )  # fmt: skip


def _drawn(one: Any, bot: Any) -> shapes.BotRehearsal:
    kept = one.recording
    found = recording.replay(bot.draft, kept)
    differs = None
    if found is not None:
        was, now = ([shapes.BotOutline(*way) for way in ways] for ways in (found.was, found.now))
        differs = shapes.BotDifference(found.turn, was, now)
    events = [_told(turn.event) for turn in kept.turns[1:]]
    return shapes.BotRehearsal(str(one.pk), one.name, found is None, differs, events, kept.values, kept.verified)
