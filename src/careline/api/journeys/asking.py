"""What all questions have in common: which moments, how an address is read, and answers as JSON or CSV."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.http import HttpResponse
from ninja import Router

from careline.api import reading
from careline.api.describing import operation
from careline.api.door import JSON, Request, told
from careline.api.journeys import sheet
from careline.insights.queries import Filter
from careline.kit.refusals import Refused

router = Router(tags=["Journeys"])
CSV = "text/csv"
FORMATS = ("json", "csv")
_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)


def said(words: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"description": words, "schema": {"type": kind, **more}}


def number(words: str, default: int) -> dict[str, Any]:
    return said(words, "integer", minimum=1, default=default)


MOMENTS = {
    "from": said("Only moments from then on.", format="date-time"),
    "to": said("Only moments before then.", format="date-time"),
    "kinds": said("Only moments of these kinds, parted by commas."),
    "case": said("What a case is: customer, or the noun of a journey such as order.", default="customer"),
    "format": said("How; without it as Accept says.", enum=list(FORMATS), default="json"),
}
LIMIT = {"limit": said("How many at most.", "integer", minimum=1, maximum=reading.LONGEST_PAGE, default=20)}
BY = {"by": said("Broken down by channel, segment:ID,ID, company:TRAIT or fact:NAME.")}
ZONE = {"zone": said("The time zone in which days, weeks and months begin.", default="UTC")}


def question(
    name: str, summary: str, *, gives: type[msgspec.Struct], query: dict[str, dict[str, Any]] | None = None
) -> dict[str, Any]:
    """What the operation of a question says of itself."""
    described = operation(name, summary, gives=gives, query=MOMENTS | (query or {}), problems=(404, 422))
    described["openapi_extra"]["responses"][200]["content"][CSV] = {"schema": {"type": "string"}}
    return described


def answered(request: Request, given: Mapping[str, str], shape: msgspec.Struct) -> HttpResponse:
    if not wants_csv(request, given):
        return told(shape)
    answer = HttpResponse(sheet.written(shape), content_type=CSV)
    answer["Content-Disposition"] = f'attachment; filename="{request.path.rpartition("/")[2]}.csv"'
    return answer


def wants_csv(request: Request, given: Mapping[str, str]) -> bool:
    preferred = "csv" if request.get_preferred_type([JSON, CSV]) == CSV else "json"
    return reading.choice(given, "format", FORMATS, preferred) == "csv"


def wanted(request: Request, given: Mapping[str, str]) -> Filter:
    """Which moments; a format that is none is refused before anything is asked."""
    wants_csv(request, given)
    named = kinds(given["kinds"]) if given.get("kinds") else None
    since, before = moment(given, "from"), moment(given, "to")
    return Filter(since=since, before=before, kinds=named, case=given.get("case"))


def kinds(given: str) -> tuple[str, ...]:
    if "\0" in given:
        raise Refused("A kind must not contain the character NUL.")
    return tuple(kind.strip() for kind in given.split(","))


def moment(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(f"{name} is a moment, as 2026-01-31T12:00:00Z.", field=name) from None


def whole(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    found = digits(given.get(name, str(default)), name, most)
    if not found:
        raise Refused(f"{name} is a number from 1 to {most}.", field=name)
    return found


def digits(text: str, name: str, most: int) -> int:
    if not _NUMBER.fullmatch(text.strip()) or int(text) > most:
        raise Refused(f"{name} takes numbers up to {most}.", field=name)
    return int(text)


def seconds(microseconds: float | None) -> float | None:
    return None if microseconds is None else microseconds / 1e6
