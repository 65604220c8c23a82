"""Mail of earlier years: brought from an upload, from the server's own folder or out of the account, and watched."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, must_be_upload, query, told
from careline.kit.refusals import Refused
from careline.service.conversations.history import actions, queries
from careline.service.conversations.history.queries import Known

router = Router(tags=["Inboxes"])
UPLOAD = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {
                "file": {"type": "string", "format": "binary", "description": "An mbox or a mail; at most 512 MB."},
                "inbox_id": {"type": "string", "description": "The mailbox it belongs to."},
                "open_days": {"type": "string", "description": "As of bring_history."},
            },
            "required": ["file", "inbox_id"],
        }
    }
}


@router.get(
    "/inboxes/{inbox_id}/histories",
    **operation(
        "list_histories", "What was brought of earlier years, the newest first", gives=shapes.Histories, paged=True,
        problems=(404, 422),
    ),
)  # fmt: skip
def histories(request: Request, inbox_id: str) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    found = queries.of_inbox(request.auth, reading.number(inbox_id))
    if cursor:
        found = found.filter(pk__lt=cursors.number("h", cursor))
    rows = list(found[: limit + 1])
    following = cursors.of_number("h", rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.Histories([_drawn(row) for row in rows[:limit]], following))


@router.post(
    "/inboxes/{inbox_id}/histories",
    **operation(
        "bring_history", "Bring what lies in the server's folder for it, or in the account", takes=shapes.Bringing,
        gives=shapes.History, status=201, problems=(404,),
    ),
)  # fmt: skip
def bring(request: Request, inbox_id: str) -> HttpResponse:
    wanted = asked(request, shapes.Bringing)
    brought = actions.bring(
        reading.number(inbox_id), actor=request.auth, place=wanted.place, account=wanted.account,
        open_days=wanted.open_days,
    )  # fmt: skip
    return told(_drawn(brought), 201)


@router.post(
    "/histories",
    **operation(
        "upload_history", "Bring a file of mail", takes=UPLOAD, gives=shapes.History, status=201, problems=(404,)
    ),
)
def upload(request: Request) -> HttpResponse:
    request.auth.must(queries.MANAGE)  # whoever may not is told before a file is read
    must_be_upload(request)
    number = reading.number(request.POST.get("inbox_id", ""))
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise Refused("Send one file in the field “file”.", field="file")
    days = request.POST.get("open_days", str(queries.OPEN_DAYS))
    if not (days.isascii() and days.isdecimal() and len(days) < 5):
        raise Refused("open_days is a number.", field="open_days")
    brought = actions.upload(number, file.chunks(), name=file.name or "", actor=request.auth, open_days=int(days))
    return told(_drawn(brought), 201)


@router.get(
    "/histories/{history_id}",
    **operation("get_history", "How far it is, and what became of it", gives=shapes.History, problems=(404,)),
)
def one(request: Request, history_id: str) -> HttpResponse:
    return told(_drawn(queries.one(request.auth, reading.number(history_id))))


@router.get(
    "/histories/{history_id}/left-out",
    **operation(
        "list_left_out", "Messages that were not taken, where they lie and why", gives=shapes.LeftOuts, paged=True,
        problems=(404, 422),
    ),
)  # fmt: skip
def left_out(request: Request, history_id: str) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    after = cursors.number("o", cursor) if cursor else 0
    rows = queries.left_out(request.auth, reading.number(history_id), limit=limit + 1, after=after)
    following = cursors.of_number("o", rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.LeftOuts([shapes.LeftOut(row.place, row.why) for row in rows[:limit]], following))


@router.put(
    "/histories/{history_id}/run",
    **operation("go_on_history", "Go on with what was stopped or broke off", gives=shapes.History, write=True,
                problems=(404,)),
)  # fmt: skip
def go_on(request: Request, history_id: str) -> HttpResponse:
    return told(_drawn(actions.go_on(reading.number(history_id), actor=request.auth)))


@router.delete(
    "/histories/{history_id}/run",
    **operation("stop_history", "Stop it; what landed stays", gives=shapes.History, write=True, problems=(404,)),
)
def stop(request: Request, history_id: str) -> HttpResponse:
    return told(_drawn(actions.stop(reading.number(history_id), actor=request.auth)))


@router.delete(
    "/histories/{history_id}",
    **operation("drop_history", "Drop its report; what was brought stays", gives=shapes.History, write=True,
                problems=(404,)),
)  # fmt: skip
def drop(request: Request, history_id: str) -> HttpResponse:
    number = reading.number(history_id)
    row = queries.one(request.auth, number)
    actions.drop(number, actor=request.auth)
    return told(_drawn(row))


def _drawn(row: Known) -> shapes.History:
    return shapes.History(
        id=str(row.pk), inbox_id=str(row.inbox_id), name=row.name, state=row.state,  # type: ignore[arg-type]
        open_days=row.open_days, total=row.total, read=row.read, added=row.added, opened=row.opened,
        repeated=row.repeated, left_out=row.left, unreadable=row.unreadable, error=row.broke_off,
        created_at=row.created_at, ended_at=row.ended_at,
    )  # fmt: skip
