"""Pages of lists that are all at hand: few rows of one customer, or what the house has defined."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.http import HttpRequest

from careline.api import cursors, reading
from careline.api.door import query

Row = TypeVar("Row")
Place = tuple[str, int]


def of_places(
    kind: str, request: HttpRequest, rows: Iterable[Row], place: Callable[[Row], Place]
) -> tuple[list[Row], str | None]:
    """In the order of their places, no two of which are the same; what came or went meanwhile moves no other."""
    limit, cursor = reading.page(query(request))
    after = cursors.text_and_number(kind, cursor) if cursor else None
    left = sorted((one for one in rows if after is None or place(one) > after), key=place)
    following = cursors.of_text(kind, *place(left[limit - 1])) if len(left) > limit else None
    return left[:limit], following


def newest(number: int) -> Place:
    """The place of a row where the highest number comes first."""
    return f"{2**63 - number:019}", number
