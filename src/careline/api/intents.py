"""Intents, by their codes, and the ways people say them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.service.intents import actions, queries

router = Router(tags=["Bots"])


@router.get(
    "/intents",
    **operation(
        "list_intents", "List what customers want, by name, as flows know it", gives=shapes.Intents, paged=True,
        problems=(422,),
    ),
)  # fmt: skip
def index(request: Request) -> HttpResponse:
    found = queries.counted(request.auth)
    rows, following = paging.of_places("in", request, found, lambda one: (one[0].name, one[0].pk))
    return told(shapes.Intents([shapes.Intent(one.code, one.name, n) for one, n in rows], following))


@router.put(
    "/intents/{code}",
    **operation(
        "keep_intent", "Name an intent; made where it was not there", takes=shapes.IntentNaming, gives=shapes.Intent,
        problems=(404,),
    ),
)  # fmt: skip
def keep(request: Request, code: str) -> HttpResponse:
    actions.keep(code, asked(request, shapes.IntentNaming).name, actor=request.auth)
    return told(_drawn(request, code))


@router.delete(
    "/intents/{code}",
    **operation(
        "drop_intent", "Take an intent and its phrasings away", gives=shapes.Intent, write=True, problems=(404,)
    ),
)
def drop(request: Request, code: str) -> HttpResponse:
    last = _drawn(request, code)
    actions.drop(last.code, actor=request.auth)
    return told(last)


@router.get(
    "/intents/{code}/phrasings",
    **operation(
        "list_phrasings", "List the ways an intent is said, the newest first", gives=shapes.Phrasings, paged=True,
        problems=(404, 422),
    ),
)  # fmt: skip
def phrasings(request: Request, code: str) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    kept = queries.phrasings(request.auth, _clean(code)).order_by("-pk")
    if cursor:
        kept = kept.filter(pk__lt=cursors.number("ph", cursor))
    rows = list(kept[: limit + 1])
    following = cursors.of_number("ph", rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.Phrasings([_phrased(one) for one in rows[:limit]], following))


@router.post(
    "/intents/{code}/phrasings",
    **operation(
        "add_phrasings", "Add ways an intent is said; what is refused does not keep the others back",
        takes=shapes.PhrasingsAdding, gives=shapes.PhrasingsAdded, problems=(404,),
    ),
)  # fmt: skip
def add(request: Request, code: str) -> HttpResponse:
    wanted = asked(request, shapes.PhrasingsAdding)
    intent = queries.one(request.auth, _clean(code))
    found = actions.phrase(intent.code, wanted.texts, actor=request.auth, language=wanted.language)
    return told(
        shapes.PhrasingsAdded(found.added, found.known, [shapes.RefusedRow(row, why) for row, why in found.refused])
    )


@router.delete(
    "/intents/{code}/phrasings/{phrasing_id}",
    **operation(
        "drop_phrasing", "Take a phrasing away", gives=shapes.Phrasing, write=True, problems=(404,),
    ),
)  # fmt: skip
def drop_phrasing(request: Request, code: str, phrasing_id: str) -> HttpResponse:
    found = queries.phrasing(request.auth, _clean(code), reading.number(phrasing_id))
    last = _phrased(found)
    actions.unsay(found.pk, actor=request.auth)
    return told(last)


def _clean(code: str) -> str:
    return code.replace("\0", "")


def _drawn(request: Request, code: str) -> shapes.Intent:
    one = queries.one(request.auth, _clean(code))
    return shapes.Intent(one.code, one.name, one.phrasings.count())


def _phrased(one: Any) -> shapes.Phrasing:
    return shapes.Phrasing(str(one.pk), one.text, one.language, one.added_at)
