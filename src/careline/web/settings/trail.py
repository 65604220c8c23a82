"""The audit log: looked through, and taken along as CSV or JSON lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careline.accounts import queries
from careline.accounts.actor import Actor
from careline.kit.refusals import Refused
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import number, show

COLUMNS = ("id", "at", "actor_kind", "actor_id", "actor_name", "verb", "subject", "facts")
FILTERS = ("who", "verb", "subject", "from", "to")


@require_safe
@signed_in
def audit(request: AgentRequest) -> HttpResponse:
    actor, before = request.actor, request.GET.get("before")
    actor.must("audit.view")
    given = {name: request.GET.get(name, "").replace("\0", "").strip()[:80] for name in FILTERS}
    try:
        place = UUID(before) if before else None
    except ValueError as error:
        raise Refused(_("This page of the log cannot be found; load it again.")) from error
    lines, following = queries.audit_trail(actor, before=place, wanted=_wanted(actor, given))
    asked = urlencode({name: value for name, value in given.items() if value})
    context: dict[str, Any] = {
        "lines": lines, "given": given, "asked": asked,
        "people": [("", _("Anybody")), *((str(one.pk), one.name) for one in queries.agents(actor))],
        "older": f"/settings/audit?{asked}&before={following}".replace("?&", "?") if following else "",
    }  # fmt: skip
    return show(request, "audit", "audit.html", context)


@require_safe
@signed_in
def export(request: AgentRequest) -> HttpResponseBase:
    """Everything the filter leaves, the newest first; written as it is read."""
    actor = request.actor
    actor.must("audit.view")
    given = {name: request.GET.get(name, "").replace("\0", "").strip()[:80] for name in FILTERS}
    wanted, as_csv = _wanted(actor, given), request.GET.get("form") != "jsonl"
    kind, ending = ("text/csv; charset=utf-8", "csv") if as_csv else ("application/jsonl", "jsonl")
    written = _csv(_all(actor, wanted)) if as_csv else (_json(line) for line in _all(actor, wanted))
    answer = StreamingHttpResponse(written, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="audit.{ending}"'
    return answer


def _wanted(actor: Actor, given: dict[str, str]) -> queries.Wanted:
    return queries.Wanted(
        agent_id=number(given["who"]) if given["who"] else None,
        verb=given["verb"],
        subject=given["subject"],
        since=_day(given["from"], actor.zone),
        until=_day(given["to"], actor.zone, days=1),
    )


def _day(written: str, zone: str, days: int = 0) -> datetime | None:
    """When a day begins where the viewer is, or the one after it."""
    if not written:
        return None
    try:
        day = date.fromisoformat(written) + timedelta(days=days)
        return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(_("Write days like 2026-03-02.")) from None


def _all(actor: Actor, wanted: queries.Wanted) -> Iterator[queries.AuditLine]:
    before: UUID | None = None
    while True:
        lines, before = queries.audit_trail(actor, before=before, wanted=wanted, limit=queries.LONGEST_PAGE)
        yield from lines
        if before is None:
            return


def _json(line: queries.AuditLine) -> bytes:
    return msgspec.json.encode(line) + b"\n"


def _csv(lines: Iterator[queries.AuditLine]) -> Iterator[str]:
    page = io.StringIO()
    sheet = csv.writer(page)
    sheet.writerow(COLUMNS)
    for line in lines:
        told = msgspec.to_builtins(line) | {"facts": msgspec.json.encode(line.facts).decode()}
        sheet.writerow([_plain(told[name]) for name in COLUMNS])
        yield page.getvalue()
        page.seek(0)
        page.truncate()
    yield page.getvalue()


def _plain(value: Any) -> Any:
    """A name must not become a formula where the sheet is opened."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value
