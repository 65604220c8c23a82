"""Sources of events: listed with their write keys, made, renamed, put away and taken up again."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.tracking import actions, queries
from careline.tracking.queries import Known

router = Router(tags=["House"])


@router.get(
    "/sources",
    **operation(
        "list_sources", "List the sources of events", gives=shapes.Sources, paged=True, problems=(422,)
    ),
)  # fmt: skip
def sources(request: Request) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    found = queries.sources(request.auth)
    if cursor:
        name, number = cursors.text_and_number("s", cursor)
        found = found.filter(Q(name__gt=name) | Q(name=name, pk__gt=number))
    rows = list(found[: limit + 1])
    following = cursors.of_text("s", rows[limit - 1].name, rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.Sources([_drawn(row) for row in rows[:limit]], following))


@router.post(
    "/sources",
    **operation("make_source", "Make a source", takes=shapes.SourceMaking, gives=shapes.Source, status=201),
)
def make(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.SourceMaking)
    return told(_drawn(actions.create_source(wanted.name, wanted.side, actor=request.auth)), 201)


@router.patch(
    "/sources/{source_id}",
    **operation(
        "change_source", "Rename a source, put it away or take it up again", takes=shapes.SourceChanging,
        gives=shapes.Source, problems=(404,),
    ),
)  # fmt: skip
def change(request: Request, source_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.SourceChanging), reading.number(source_id)
    row = queries.source(request.auth, number)
    if wanted.name is not None:
        row = actions.rename_source(number, wanted.name, actor=request.auth)
    if wanted.archived is not None and wanted.archived != (row.archived_at is not None):
        verb = actions.archive_source if wanted.archived else actions.restore_source
        row = verb(number, actor=request.auth)
    return told(_drawn(row))


def _drawn(row: Known) -> shapes.Source:
    return shapes.Source(
        id=str(row.pk),
        name=row.name,
        side=row.side,
        write_key=row.key,
        archived=row.archived_at is not None,
        created_at=row.created_at,
    )
