"""XES, the XML of event logs: cases and events in the order of the file, every event kept, nothing else read."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

Row = tuple[str, str, str]
PIECE = 1 << 20
_CASE, _ACTIVITY, _AT = "concept:name", "concept:name", "time:timestamp"


class NotXes(Exception):
    """The file is not well formed, or would have to be unfolded."""


class _Reader:
    """Depth decides what an attribute belongs to: only direct children of a trace or an event count."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._path: list[str] = []
        self._case = ""
        self._cases = 0
        self._event: dict[str, str] = {}
        self._waiting: list[dict[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        above = self._path[-1] if self._path else ""
        self._path.append(name)
        if name == "trace":
            self._cases += 1
            self._case, self._waiting = f"case {self._cases}", []
        elif name == "event" and above == "trace":
            self._event = {}
        elif "key" in attributes:
            if above == "event":
                self._event[attributes["key"]] = attributes.get("value", "")
            elif above == "trace" and attributes["key"] == _CASE:
                self._case = attributes.get("value", self._case)

    def end(self, name: str) -> None:
        self._path.pop()
        name = name.rpartition(":")[2]
        if name == "event" and self._path[-1:] == ["trace"]:
            self._waiting.append(self._event)
        elif name == "trace":
            self.rows += [(self._case, event.get(_ACTIVITY, ""), event.get(_AT, "")) for event in self._waiting]


def rows(path: Path) -> Iterator[Row]:
    """Case, activity and time of each event as they are written."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.EntityDeclHandler = _refuse
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as file:
        try:
            while piece := file.read(PIECE):
                parser.Parse(piece)
                yield from reader.rows
                reader.rows = []
            parser.Parse(b"", True)
        except (expat.ExpatError, gzip.BadGzipFile, EOFError) as error:
            raise NotXes(str(error)) from None
        yield from reader.rows


def _refuse(*_given: object) -> None:
    raise NotXes("it declares entities, which event logs have no need of")
