"""Files of touchpoints and of profiles: uploaded, looked at, started, watched, stopped, dropped."""

from __future__ import annotations

from typing import Any

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, must_be_upload, query, told
from careline.kit.refusals import Refused
from careline.tracking import actions, queries
from careline.tracking.queries import KnownImport

router = Router(tags=["Imports"])
UPLOAD = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {
                "file": {
                    "type": "string",
                    "format": "binary",
                    "description": "CSV, JSON Lines, XES or Parquet by the end of its name, also .gz; at most 512 MB.",
                }
            },
            "required": ["file"],
        }
    }
}


@router.get(
    "/imports",
    **operation("list_imports", "List imports, the newest first", gives=shapes.Imports, paged=True, problems=(422,)),
)
def imports(request: Request) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    found = queries.imports(request.auth)
    if cursor:
        found = found.filter(pk__lt=cursors.number("f", cursor))
    rows = list(found[: limit + 1])
    following = cursors.of_number("f", rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.Imports([drawn(row) for row in rows[:limit]], following))


@router.post(
    "/imports",
    **operation("upload_import", "Upload a file to be imported", takes=UPLOAD, gives=shapes.Import, status=201),
)
def upload(request: Request) -> HttpResponse:
    queries.imports(request.auth)  # whoever may not is told before a file is read
    must_be_upload(request)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise Refused("Send one file in the field “file”.", field="file")
    return told(drawn(actions.upload(file.chunks(), name=file.name or "", actor=request.auth)), 201)


@router.get(
    "/imports/{import_id}",
    **operation(
        "get_import", "How far an import is, and what became of its rows", gives=shapes.Import, problems=(404,)
    ),
)
def imported(request: Request, import_id: str) -> HttpResponse:
    return told(drawn(queries.imported(request.auth, reading.number(import_id))))


@router.post(
    "/imports/{import_id}/preview",
    **operation(
        "preview_import", "What the first rows would be; nothing is written", takes=shapes.ImportStarting,
        gives=shapes.ImportPreview, problems=(404,),
    ),
)  # fmt: skip
def preview(request: Request, import_id: str) -> HttpResponse:
    wanted = asked(request, shapes.ImportStarting)
    look = queries.look_at(request.auth, reading.number(import_id), _columns(wanted.columns))
    trials = [_tried(one) for one in look.trials]
    meaning = msgspec.convert(look.guess, shapes.ImportColumns)
    return told(shapes.ImportPreview(look.columns, meaning, look.looked, look.good, look.wrong, trials))


@router.put(
    "/imports/{import_id}/run",
    **operation(
        "start_import", "Start an import, or let one go on that was stopped or failed", takes=shapes.ImportStarting,
        gives=shapes.Import, problems=(404,),
    ),
)  # fmt: skip
def start(request: Request, import_id: str) -> HttpResponse:
    wanted = asked(request, shapes.ImportStarting)
    source = None if wanted.source_id is None else reading.number(wanted.source_id)
    row = actions.start(reading.number(import_id), _columns(wanted.columns), actor=request.auth, source_id=source)
    return told(drawn(row))


@router.delete(
    "/imports/{import_id}/run",
    **operation("stop_import", "Stop an import; what landed stays", gives=shapes.Import, write=True, problems=(404,)),
)
def stop(request: Request, import_id: str) -> HttpResponse:
    return told(drawn(actions.stop(reading.number(import_id), actor=request.auth)))


@router.get(
    "/imports/{import_id}/refused",
    **operation(
        "list_refused_rows", "Rows of an import that are on no line, and why", gives=shapes.ImportRefusals, paged=True,
        problems=(404, 422),
    ),
)  # fmt: skip
def refused(request: Request, import_id: str) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    after = cursors.number("r", cursor) if cursor else 0
    rows = queries.refused_rows(request.auth, reading.number(import_id), after=after, limit=limit + 1)
    following = cursors.of_number("r", rows[limit - 1][0]) if len(rows) > limit else None
    return told(shapes.ImportRefusals([shapes.ImportRefusal(*row) for row in rows[:limit]], following))


@router.delete(
    "/imports/{import_id}",
    **operation(
        "drop_import", "Drop an import with its file and its refused rows; what landed stays", gives=shapes.Import,
        write=True, problems=(404,),
    ),
)  # fmt: skip
def drop(request: Request, import_id: str) -> HttpResponse:
    number = reading.number(import_id)
    last = queries.imported(request.auth, number)
    actions.drop(number, actor=request.auth)
    return told(drawn(last))


def _columns(wanted: shapes.ImportColumns | None) -> queries.Columns | None:
    return None if wanted is None else queries.columns(msgspec.to_builtins(wanted))


def _tried(one: queries.Trial) -> shapes.ImportTrial:
    changes = [shapes.ImportChange(now.name, now.before, now.after) for now in one.changes]
    return shapes.ImportTrial(
        one.row, one.who, one.at, one.name, one.kind, one.journey, one.became, changes, one.field, one.why
    )


def drawn(row: KnownImport) -> shapes.Import:
    known: Any = row
    return shapes.Import(
        id=str(row.pk), name=row.name, format=known.format, state=known.state, size=row.size, percent=row.percent,
        read=row.read, added=row.added, repeated=row.repeated, refused=row.refused,
        superseded=row.superseded, made=row.made, error=row.error,
        has_file=row.file_id is not None, source_id=None if known.source_id is None else str(known.source_id),
        columns=msgspec.convert(row.columns, shapes.ImportColumns) if row.columns and row.form != "answers" else None,
        created_at=row.created_at, started_at=row.started_at, ended_at=row.ended_at,
    )  # fmt: skip
