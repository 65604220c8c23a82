"""Tables as files: in which format, and how that is said of an operation."""

from __future__ import annotations

from typing import Any

from django.http import StreamingHttpResponse

from careline.api import reading
from careline.insights import tables
from careline.kit.tables import Table

GIVES = " ".join(one.partition(";")[0] for one in tables.TYPES.values())
FORMAT: dict[str, Any] = {
    "format": {"schema": {"type": "string", "enum": list(tables.FORMATS), "default": "csv"}, "description": "How."}
}


def format_of(given: Any) -> str:
    return reading.choice(given, "format", tables.FORMATS, "csv")


def taken_away(table: Table, format: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(tables.pieces(table, format), content_type=tables.TYPES[format])
