"""Event logs as XES (IEEE 1849): each event with the attributes of its trace, read piece by piece.

A document that declares entities is refused before one of them is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from careline.tracking.shapes import Json

_PIECE = 64 * 1024
_LEAVES = {"string", "date", "int", "float", "boolean", "id"}
# An attribute of an attribute says something of that attribute, not of the event.
_DEEPEST = 64
# Of one event with its trace, and of one element: nothing honest comes near.
_MOST = 2000
_LONGEST = 4 * 1024 * 1024


# What a trace says, and one of its events; no trace where the event lies in none.
Traced = tuple[Json | None, Json]


class Malformed(ValueError):
    """No XES, or more than XES needs."""


class _Reader:
    def __init__(self) -> None:
        self.path: list[str] = []
        self.trace: Json | None = None
        self.event: Json = {}
        self.done: list[Traced] = []
        self.since = 0
        parser = self.parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.StartDoctypeDeclHandler = self.refuse
        parser.EntityDeclHandler = self.refuse

    def refuse(self, *_declared: object) -> None:
        raise Malformed("it declares a document type, which event logs have no need of")

    def start(self, tag: str, given: dict[str, str]) -> None:
        self.since = 0
        name = tag.rpartition(":")[2]
        if not self.path and name != "log":
            raise Malformed("it is no XES: its first element is not <log>")
        if len(self.path) >= _DEEPEST:
            raise Malformed("it is nested too deeply")
        above = self.path[-1] if self.path else ""
        if name == "trace":
            self.trace = {}
        elif name == "event":
            self.event = {}
        elif name in _LEAVES and "key" in given:
            if len(self.event) + len(self.trace or ()) > _MOST:
                raise Malformed("one of its events has more attributes than any event has")
            if above == "event":
                self.event[given["key"]] = _value(name, given.get("value", ""))
            elif above == "trace" and self.trace is not None:
                self.trace[f"case:{given['key']}"] = _value(name, given.get("value", ""))
        self.path.append(name)

    def end(self, _tag: str) -> None:
        name = self.path.pop()
        if name == "event":
            self.done.append((self.trace, (self.trace or {}) | self.event))
        elif name == "trace":
            self.trace = None


def events(file: IO[bytes]) -> Iterator[Json]:
    """Each with the attributes its trace has by then: they stand before the events."""
    for _trace, event in traced(file):
        yield event


def traced(file: IO[bytes]) -> Iterator[Traced]:
    """Beside its trace, which is whole once the next one begins."""
    reader = _Reader()
    try:
        while piece := file.read(_PIECE):
            reader.since += len(piece)
            if reader.since > _LONGEST:
                raise Malformed("one of its elements does not end")
            reader.parser.Parse(piece, False)
            yield from reader.done
            reader.done.clear()
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Malformed(str(error)) from None


def _value(kind: str, written: str) -> object:
    try:
        if kind == "int":
            return int(written) if len(written) < 19 else written
        if kind == "float":
            return float(written)
    except ValueError:
        return written
    return written == "true" if kind == "boolean" else written
