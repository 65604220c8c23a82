"""A table taken away as a file, in the format its address names."""

from __future__ import annotations

from django.http import StreamingHttpResponse

from careline.insights import tables
from careline.kit.tables import Table


def taken_away(table: Table, format: str, name: str) -> StreamingHttpResponse:
    format = format if format in tables.FORMATS else "csv"
    answer = StreamingHttpResponse(tables.pieces(table, format), content_type=tables.TYPES[format])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return answer
