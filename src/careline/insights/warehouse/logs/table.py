"""CSV of any kind: the comma may be another sign, cells may hold line breaks, rows may be short, it may be packed."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

LONGEST_CELL = 16 * 1024 * 1024
SIGNS = ",;\t|"


class NotText(Exception):
    """The file is not UTF-8, or is cut off."""


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
            yield file
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError, csv.Error) as error:
        raise NotText(str(error)) from None


def head(path: Path) -> tuple[list[str], str]:
    """The names of the columns, and the sign between them."""
    with _opened(path) as file:
        first = file.readline()
        sign = max(SIGNS, key=first.count)
        file.seek(0)
        return next(csv.reader(file, delimiter=sign), []), sign


def rows(path: Path, sign: str, places: list[int | None]) -> Iterator[list[str]]:
    """The cells at these places, of every row but the first; what is not there is empty."""
    csv.field_size_limit(LONGEST_CELL)
    with _opened(path) as file:
        cells = csv.reader(file, delimiter=sign)
        next(cells, None)
        for row in cells:
            if row:
                yield [row[place] if place is not None and place < len(row) else "" for place in places]
