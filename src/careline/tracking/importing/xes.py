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


class Malformed(ValueError):
    """No XES, or more than XES needs."""


class _Reader:
    def __init__(self) -> None:
        self.path: list[str] = []
        self.trace: Json = {}
        self.event: Json = {}
        self.done: list[Json] = []
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
            if len(self.event) + len(self.trace) > _MOST:
                raise Malformed("one of its events has more attributes than any event has")
            if above == "event":
                self.event[given["key"]] = _value(name, given.get("value", ""))
            elif above == "trace":
                self.trace[f"case:{given['key']}"] = _value(name, given.get("value", ""))
        self.path.append(name)

    def end(self, _tag: str) -> None:
        if self.path.pop() == "event":
            self.done.append(self.trace | self.event)


def events(file: IO[bytes]) -> Iterator[Json]:
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
