"""Inboxes as they are set up: made, changed, tried, looked at in the DNS."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
from django.http import HttpResponse
from ninja import Router

from careline.api import house, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.channels import actions, connecting, illegible, queries
from careline.channels.trials import Told
from careline.kit.refusals import NotVisible

router = Router(tags=["House"])


@router.get(
    "/inboxes",
    **operation(
        "list_inboxes", "List the inboxes the token's agent sees", gives=shapes.Inboxes, paged=True, problems=(422,)
    ),
)
def inboxes(request: Request) -> HttpResponse:
    rows, following = house.paged("i", queries.visible_to(request.auth), request)
    items = [
        shapes.Inbox(
            id=str(row.pk),
            kind=row.kind,
            name=row.name,
            key=row.key,
            language=row.language,
            archived=row.archived_at is not None,
            created_at=row.created_at,
        )
        for row in rows
    ]
    return told(shapes.Inboxes(items, following))


@router.post(
    "/inboxes",
    **operation(
        "make_inbox", "Make an inbox", takes=shapes.InboxMaking, gives=shapes.InboxSettings, status=201, problems=(404,)
    ),
)
def make(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.InboxMaking)
    made = actions.create_inbox(
        actor=request.auth, kind=wanted.kind, name=wanted.name, settings=wanted.settings, language=wanted.language
    )
    return told(_drawn(request, made.pk), 201)


@router.get(
    "/inboxes/{inbox_id}",
    **operation("get_inbox", "An inbox with its settings", gives=shapes.InboxSettings, problems=(404,)),
)
def one(request: Request, inbox_id: str) -> HttpResponse:
    return told(_drawn(request, reading.number(inbox_id)))


@router.patch(
    "/inboxes/{inbox_id}",
    **operation(
        "change_inbox", "Change an inbox, put it away or take it up again", takes=shapes.InboxChanging,
        gives=shapes.InboxSettings, problems=(404,),
    ),
)  # fmt: skip
def change(request: Request, inbox_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.InboxChanging), reading.number(inbox_id)
    found = queries.by_id(request.auth, number)
    if wanted.name is not None or wanted.language is not None or wanted.settings is not None:
        settings = None if wanted.settings is None else {**found.settings, **wanted.settings}
        actions.update_inbox(number, actor=request.auth, name=wanted.name, language=wanted.language, settings=settings)
    if wanted.archived is not None and wanted.archived != (found.archived_at is not None):
        verb = actions.archive_inbox if wanted.archived else actions.restore_inbox
        verb(number, actor=request.auth)
    return told(_drawn(request, number))


@router.get(
    "/inboxes/{inbox_id}/trial",
    **operation("get_trial", "How the last trial of an inbox went", gives=shapes.Trial, problems=(404,)),
)
def trial(request: Request, inbox_id: str) -> HttpResponse:
    found = connecting.trial(request.auth, reading.number(inbox_id))
    if found is None:
        raise NotVisible("This inbox was not tried yet.")
    return told(_tried(found))


@router.put(
    "/inboxes/{inbox_id}/trial",
    **operation(
        "try_inbox", "Try whether an inbox sends and receives", gives=shapes.Trial, status=202, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def try_out(request: Request, inbox_id: str) -> HttpResponse:
    return told(_tried(connecting.try_out(reading.number(inbox_id), actor=request.auth)), 202)


@router.get(
    "/inboxes/{inbox_id}/dns",
    **operation("get_dns", "What the DNS says of an inbox's domain", gives=shapes.Dns, problems=(404,)),
)
def dns(request: Request, inbox_id: str) -> HttpResponse:
    looked = connecting.findings(request.auth, reading.number(inbox_id))
    records = [
        shapes.DnsRecord(
            record=one.record,
            state=one.state,
            says=one.words,
            found=one.found or None,
            name=one.name if one.publish else None,
            value=one.publish or None,
        )
        for one in looked.findings or []
    ]
    return told(shapes.Dns(looked.findings is not None, records, looked.at))


@router.post(
    "/inboxes/{inbox_id}/keys",
    **operation(
        "make_inbox_key", "Make a key that signs what leaves", gives=shapes.InboxSettings, status=201, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def key(request: Request, inbox_id: str) -> HttpResponse:
    number = reading.number(inbox_id)
    connecting.make_key(number, actor=request.auth)
    return told(_drawn(request, number), 201)


@router.get(
    "/inboxes/{inbox_id}/visits",
    **operation("list_visits", "The last looks into a mailbox, the newest first", gives=shapes.Visits, problems=(404,)),
)
def visits(request: Request, inbox_id: str) -> HttpResponse:
    rows = queries.lately(request.auth, reading.number(inbox_id))
    return told(shapes.Visits([_visited(row) for row in rows]))


@router.get(
    "/inboxes/{inbox_id}/unreadable",
    **operation(
        "list_unreadable", "Deliveries of the last two weeks nobody could read, the newest first",
        gives=shapes.Unreadables, problems=(404,),
    ),
)  # fmt: skip
def unreadable(request: Request, inbox_id: str) -> HttpResponse:
    found = illegible.lately(request.auth, reading.number(inbox_id), limit=200)
    items = [
        shapes.Unreadable(
            id=str(one.delivery),
            at=one.at,
            why=one.why,
            says=one.words,
            conversation_id=None if one.conversation is None else str(one.conversation),
            told_at=one.told_at,
        )
        for one in found
    ]
    return told(shapes.Unreadables(items))


def _drawn(request: Request, inbox_id: int) -> shapes.InboxSettings:
    row = queries.by_id(request.auth, inbox_id)
    kept = queries.kept(request.auth, inbox_id)
    health = queries.health(request.auth, inbox_id)
    return shapes.InboxSettings(
        id=str(row.pk),
        kind=row.kind,
        name=row.name,
        key=row.key,
        language=row.language,
        archived=row.archived_at is not None,
        created_at=row.created_at,
        settings=row.settings,
        kept=sorted(kept),
        well=health.well,
        says=health.words,
    )


def _tried(found: Told) -> shapes.Trial:
    steps = [msgspec.convert(msgspec.to_builtins(step), shapes.TrialStep) for step in found.steps]
    return shapes.Trial(str(found.key), found.running, found.good, steps, found.at, found.ended_at)


def _visited(row: Any) -> shapes.Visit:
    counted: Counter[str] = Counter()
    for one in row.skipped:
        counted[one["why"]] += int(one.get("n", 1))
    left = [shapes.Left(why, count) for why, count in counted.most_common()]  # type: ignore[arg-type]
    return shapes.Visit(row.started_at, row.ended_at, row.looks, row.seen, row.new, left, row.error or None)
