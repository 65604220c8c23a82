"""Where bots answer, how well they do, and what agents say was right of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from careline.api import reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.channels import queries as channels
from careline.insights.metrics import intervals
from careline.kit import clock
from careline.kit.refusals import NotVisible, Refused
from careline.service.bots import answering, quality
from careline.service.bots.answering import Settings

router = Router(tags=["Bots"])
LONGEST = 366
DAYS = {"schema": {"type": "integer", "minimum": 1, "maximum": LONGEST, "default": 30}}


@router.get(
    "/inboxes/{inbox_id}/answering",
    **operation(
        "get_bot_answering", "Whether a bot answers in an inbox, and by what", gives=shapes.BotAnswering,
        problems=(404,),
    ),
)  # fmt: skip
def one(request: Request, inbox_id: str) -> HttpResponse:
    inbox = channels.by_id(request.auth, reading.number(inbox_id))
    return told(_drawn(inbox.pk, answering.answerings(request.auth).get(inbox.pk)))


@router.put(
    "/inboxes/{inbox_id}/answering",
    **operation(
        "keep_bot_answering", "Switch a bot on or off in an inbox, and say by what it answers",
        takes=shapes.BotAnsweringSetting, gives=shapes.BotAnswering, problems=(404,),
    ),
)  # fmt: skip
def keep(request: Request, inbox_id: str) -> HttpResponse:
    wanted = asked(request, shapes.BotAnsweringSetting)
    inbox = channels.by_id(request.auth, reading.number(inbox_id))
    settings = Settings(
        is_on=wanted.on, flows=[reading.number(one) for one in wanted.bot_ids], articles=wanted.articles,
        name=wanted.name, url=wanted.url, secret=wanted.secret,
    )  # fmt: skip
    return told(_drawn(inbox.pk, answering.answer(inbox.pk, settings, actor=request.auth)))


@router.get(
    "/bot-quality",
    **operation(
        "get_bot_quality", "How well bots did in the last days, of so many messages", gives=shapes.BotQuality,
        query={"days": DAYS}, problems=(422,),
    ),
)  # fmt: skip
def figures(request: Request) -> HttpResponse:
    request.auth.must("bots.manage")
    said = query(request).get("days", "30")
    if not (said.isascii() and said.isdecimal() and len(said) < 4 and 0 < int(said) <= LONGEST):
        raise Refused(f"days is a number from 1 to {LONGEST}.", field="days")
    since = clock.now() - timedelta(days=int(said))
    found = quality.quality(request.auth, since)
    return told(
        shapes.BotQuality(
            since, found.judged, _share(found.ran + found.answered, found.judged), _share(found.asked, found.judged),
            _share(found.refused, found.judged), _share(found.right, found.right + found.wrong), found.near_misses,
        )
    )  # fmt: skip


@router.get(
    "/messages/{message_id}/judgement",
    **operation(
        "get_judgement", "What a bot took a message for", gives=shapes.BotJudgement, problems=(404,),
    ),
)  # fmt: skip
def judgement(request: Request, message_id: str) -> HttpResponse:
    return told(_judged(quality.of_message(request.auth, _uuid(message_id))))


@router.put(
    "/messages/{message_id}/judgement",
    **operation(
        "correct_judgement", "Say whether the bot was right about a message, and what it was about",
        takes=shapes.BotCorrecting, gives=shapes.BotJudgement, problems=(404,),
    ),
)  # fmt: skip
def correct(request: Request, message_id: str) -> HttpResponse:
    wanted = asked(request, shapes.BotCorrecting)
    found = quality.correct(
        _uuid(message_id), actor=request.auth, right=wanted.right, intent=(wanted.intent or "").replace("\0", "�")
    )
    return told(_judged(found))


def _uuid(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise NotVisible("No bot has judged this message.") from None


def _drawn(inbox_id: int, kept: Any) -> shapes.BotAnswering:
    if kept is None:
        fresh = Settings(is_on=False)
        return shapes.BotAnswering(str(inbox_id), False, [], fresh.articles, fresh.name, "", False)
    bots = sorted(one.pk for one in kept.flows.all())
    return shapes.BotAnswering(
        str(inbox_id), kept.is_on, [str(one) for one in bots], kept.articles, kept.name, kept.url,
        kept.secret is not None,
    )  # fmt: skip


def _share(part: int, of: int) -> shapes.BotShare:
    if of < quality.LEAST:
        return shapes.BotShare(part, of, None, None, None)
    found = intervals.share(part, of)
    return shapes.BotShare(part, of, *(round(one, 1) for one in (found.value, found.low, found.high)))


def _judged(one: Any) -> shapes.BotJudgement:
    return shapes.BotJudgement(
        str(one.message_id), str(one.conversation_id), one.at,
        [shapes.BotLikeness(code, likeness) for code, likeness in one.ranked], one.threshold, one.band,
        None if one.correction is None else one.correction == "right", one.right_intent or None,
    )  # fmt: skip
