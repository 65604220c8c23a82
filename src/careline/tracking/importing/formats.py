"""Rows of a file, one after another, whatever it is written in; memory stays flat however long it is."""

from __future__ import annotations

import codecs
import contextlib
import csv
import gzip
import io
import itertools
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.tracking import limits
from careline.tracking.importing import unpacking, xes
from careline.tracking.shapes import Json

# A row's number, and the row or why it is none.
Row = tuple[int, Json | str]
Cells = tuple[int, list[str] | str]
Reader = Callable[[Path, "Passed"], Iterator[Row]]
_DELIMITERS = ",;\t|"
_LOOKED_AT = 256 * 1024
# Cells and lines end somewhere, even where a quotation mark was forgotten.
_LONGEST = 8 * limits.EVENT
# What files of another sort begin with.
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_BOOKS = b"\xd0\xcf\x11\xe0"
_any = msgspec.json.Decoder()


class Unreadable(Refused):
    """The file as a whole is not what it says it is."""


class Passed:
    """How much of a file its reader has behind it, from 0 to 1."""

    def __init__(self) -> None:
        self.measure: Callable[[], float] = float

    @property
    def share(self) -> float:
        return min(1.0, max(0.0, self.measure()))


def of_name(name: str) -> str:
    """The format by the end of the name; "" when it says nothing."""
    stem = name.lower().removesuffix(".gz")
    ends = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
    ends |= {".xes": "xes", ".parquet": "parquet"}
    return next((format for end, format in ends.items() if stem.endswith(end)), "")


def rows(path: Path, format: str, passed: Passed | None = None) -> Iterator[Row]:
    with _in_words(path, format):
        yield from _READERS[format](path, passed or Passed())


def cells(path: Path) -> Iterator[Cells]:
    """Of CSV, as they are cut, whatever the header says of them; the header comes first."""
    with _in_words(path, "csv"):
        yield from cut(path, Passed())


def traced(path: Path) -> Iterator[xes.Traced]:
    """Of XES, the trace of each event beside it."""
    with _in_words(path, "xes"), _opened(path, Passed()) as raw:
        yield from xes.traced(raw)


@contextlib.contextmanager
def _in_words(path: Path, format: str) -> Iterator[None]:
    _must_be(path, format)
    try:
        yield
    except UnicodeError:
        raise Unreadable(
            _("From some line on the file is written in another encoding. Save it as UTF-8 and bring it again."),
            field="file",
        ) from None
    except EOFError:
        raise Unreadable(_("The file ends early: its packing with gzip is cut off."), field="file") from None
    except (gzip.BadGzipFile, zlib.error, xes.Malformed, csv.Error) as error:
        raise unreadable(error) from None


def unreadable(error: Exception) -> Unreadable:
    words = str(error).splitlines() or [type(error).__name__]
    return Unreadable(_("The file cannot be read: %(why)s") % {"why": words[0][:200]}, field="file")


def _must_be(path: Path, format: str) -> None:
    """What it begins with tells a file of quite another sort, whatever it is called."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_ARCHIVES):
        raise Unreadable(
            _("This is an archive or a workbook. Unpack it, or save its sheet as CSV, and bring what was in it."),
            field="file",
        )
    if start.startswith(_BOOKS):
        raise Unreadable(_("This is a workbook of a spreadsheet. Save its sheet as CSV and bring that."), field="file")
    if format != "parquet" and start.startswith(b"PAR1"):
        raise Unreadable(_("This is Parquet: let its name end in .parquet."), field="file")


@contextlib.contextmanager
def _opened(path: Path, passed: Passed) -> Iterator[IO[bytes]]:
    size = path.stat().st_size or 1
    with path.open("rb") as raw:
        passed.measure = lambda: raw.tell() / size
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        try:
            if packed:
                with unpacking.opened(raw) as inside:
                    yield inside
            else:
                yield raw
        finally:
            share = passed.share
            passed.measure = lambda: share


def _csv(path: Path, passed: Passed) -> Iterator[Row]:
    lines = cut(path, passed)
    _number, first = next(lines)
    header = [one.strip() or f"column {n}" for n, one in enumerate(first, 1)]
    if not header:
        raise Unreadable(_("The file is empty."), field="file")
    if len(set(header)) < len(header):
        raise Unreadable(_("Two columns have the same name."), field="file")
    for number, row in lines:
        if isinstance(row, str):
            yield number, row
        elif len(row) > len(header):
            yield number, "cells"
        else:
            yield number, dict(zip(header, row, strict=False))


def cut(path: Path, passed: Passed) -> Iterator[Cells]:
    """Line after line with its number, for a reader that is registered here."""
    csv.field_size_limit(_LONGEST)
    with _opened(path, Passed()) as raw:
        start = raw.read(_LOOKED_AT)
    with _opened(path, passed) as raw:
        written = io.TextIOWrapper(raw, encoding=_encoding(start), newline="")
        lines = _Lines(written)
        reader = csv.reader(lines, delimiter=_delimiter(start))
        yield 1, next(reader, [])
        while True:
            # Of the line it begins in: cells may hold lines of their own.
            number = lines.count + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield number, "too_long"
                continue
            if row:
                yield number, row


class _TooLong(csv.Error):
    """A line that is longer than any is."""


class _Lines:
    """Lines one after another, none of them longer than memory is to hold."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self.file, self.count = file, 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.file.readline(_LONGEST)
        if not line:
            raise StopIteration
        self.count += 1
        if len(line) < _LONGEST or line.endswith(("\n", "\r")):
            return line
        while line and not line.endswith(("\n", "\r")):
            line = self.file.readline(_LONGEST)
        raise _TooLong


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.count(b"\0") > len(start) // 10:
        sentence = _("This is no text, or it is in an encoding that is not read. Save it as UTF-8.")
        raise Unreadable(sentence, field="file")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1252"  # as spreadsheets write it
    return "utf-8-sig"


def _delimiter(start: bytes) -> str:
    first = start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "replace").split("\n")[0]
    return max(_DELIMITERS, key=first.count)


def _jsonl(path: Path, passed: Passed) -> Iterator[Row]:
    with _opened(path, passed) as raw:
        for number in itertools.count(1):
            line = raw.readline(_LONGEST)
            if not line:
                return
            if len(line) == _LONGEST:
                while line and not line.endswith(b"\n"):
                    line = raw.readline(_LONGEST)
                yield number, "too_long"
                continue
            if not line.strip():
                continue
            try:
                found = _any.decode(line.removeprefix(codecs.BOM_UTF8))
            except (ValueError, RecursionError):
                yield number, "no_json"
                continue
            yield number, found if isinstance(found, dict) else "no_object"


def _xes(path: Path, passed: Passed) -> Iterator[Row]:
    with _opened(path, passed) as raw:
        yield from enumerate(xes.events(raw), 1)


_READERS: dict[str, Reader] = {"csv": _csv, "jsonl": _jsonl, "xes": _xes}


def register(format: str, reader: Reader) -> None:
    """A room above that knows how to read what this one does not."""
    _READERS[format] = reader


def columns(found: list[Json]) -> list[str]:
    """Of the first rows, in the order they come."""
    names: dict[str, Any] = {}
    for row in found:
        names.update(dict.fromkeys(row))
    return list(names)
