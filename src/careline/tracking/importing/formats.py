"""Rows of a file, one after another, whatever it is written in; memory stays flat however long it is."""

from __future__ import annotations

import codecs
import contextlib
import csv
import gzip
import io
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.tracking import limits
from careline.tracking.importing import xes
from careline.tracking.shapes import Json

# A row's number, and the row or why it is none.
Row = tuple[int, Json | str]
_DELIMITERS = ",;\t|"
_LOOKED_AT = 256 * 1024
# Cells end somewhere, even where a quotation mark was forgotten.
_LONGEST = 8 * limits.EVENT
_any = msgspec.json.Decoder()


class Unreadable(Refused):
    """The file as a whole is not what it says it is."""


def of_name(name: str) -> str:
    """The format by the end of the name; "" when it says nothing."""
    stem = name.lower().removesuffix(".gz")
    ends = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
    ends |= {".xes": "xes", ".parquet": "parquet"}
    return next((format for end, format in ends.items() if stem.endswith(end)), "")


def rows(path: Path, format: str) -> Iterator[Row]:
    try:
        yield from _READERS[format](path)
    except (gzip.BadGzipFile, EOFError, UnicodeError, xes.Malformed, csv.Error) as error:
        raise unreadable(error) from None


def unreadable(error: Exception) -> Unreadable:
    words = str(error).splitlines() or [type(error).__name__]
    return Unreadable(_("The file cannot be read: %(why)s") % {"why": words[0][:200]}, field="file")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if not packed:
            yield raw
            return
        with gzip.open(raw) as inside:
            yield inside  # type: ignore[misc]  # a GzipFile reads as any file does


def _csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST)
    with _opened(path) as raw:
        start = raw.read(_LOOKED_AT)
        raw.seek(0)
        written = io.TextIOWrapper(raw, encoding=_encoding(start), newline="")
        reader = csv.reader(written, delimiter=_delimiter(start))
        header = [one.strip() or f"column {n}" for n, one in enumerate(next(reader, []), 1)]
        if not header:
            raise Unreadable(_("The file is empty."), field="file")
        if len(set(header)) < len(header):
            raise Unreadable(_("Two columns have the same name."), field="file")
        for number in itertools.count(2):
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield number, "too_long"
                continue
            if not cells:
                continue
            if len(cells) > len(header):
                yield number, "cells"
            else:
                yield number, dict(zip(header, cells, strict=False))


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1252"  # as spreadsheets write it
    return "utf-8-sig"


def _delimiter(start: bytes) -> str:
    first = start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "replace").split("\n")[0]
    return max(_DELIMITERS, key=first.count)


def _jsonl(path: Path) -> Iterator[Row]:
    with _opened(path) as raw:
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


def _xes(path: Path) -> Iterator[Row]:
    with _opened(path) as raw:
        yield from enumerate(xes.events(raw), 1)


_READERS: dict[str, Callable[[Path], Iterator[Row]]] = {"csv": _csv, "jsonl": _jsonl, "xes": _xes}


def register(format: str, reader: Callable[[Path], Iterator[Row]]) -> None:
    """A room above that knows how to read what this one does not."""
    _READERS[format] = reader


def columns(found: list[Json]) -> list[str]:
    """Of the first rows, in the order they come."""
    names: dict[str, Any] = {}
    for row in found:
        names.update(dict.fromkeys(row))
    return list(names)
