"""A file of events, whatever its columns are called, as a log that every question can be asked of."""

from __future__ import annotations

import csv
import itertools
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from careline.insights.warehouse import engine
from careline.insights.warehouse.copy import laying
from careline.insights.warehouse.engine import Connection, quoted
from careline.kit.refusals import Refused
from careline.tracking.importing import formats

# How logs name the three columns, the plainest name first.
CASES = ("case:concept:name", "case_id", "case", "caseid", "session_id", "customer_id", "user_id", "trace", "id")
ACTIVITIES = ("concept:name", "activity", "event", "event_name", "action", "task", "kind", "name")
TIMES = ("time:timestamp", "timestamp", "occurred_at", "time", "datetime", "date", "at", "ts")
_NAMES = ("case", "activity", "time")
_CSV = """read_csv({path}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '',
  parallel = false, max_line_size = 33554432,
  columns = {{'case': 'VARCHAR', 'activity': 'VARCHAR', 'time': 'VARCHAR'}})"""
# In the order of the file; cases are numbered as they first appear.
_TAKE = """CREATE TABLE taken AS SELECT row_number() OVER () AS n, {case}::VARCHAR AS case_name,
  {activity}::VARCHAR AS activity, {at} AS occurred_at FROM {source}"""
_RAW = """INSERT INTO raw SELECT c.number, coalesce(t.occurred_at, TIMESTAMP '1970-01-01'),
  ('00000000-0000-0000-0000-' || lpad(to_hex(t.n), 12, '0'))::UUID, t.activity, NULL, NULL
FROM taken t JOIN (SELECT case_name, row_number() OVER (ORDER BY min(n)) AS number FROM taken
  WHERE {good} GROUP BY case_name) c USING (case_name) WHERE {good}"""
_GOOD = "case_name IS NOT NULL AND activity IS NOT NULL AND activity <> ''"


class NotALog(Exception):
    """The file is no log we can read; the sentence says why."""


class Log(msgspec.Struct, frozen=True):
    """A log that is laid out. `refused` rows lack a case, an activity or a time that can be read."""

    conn: Connection
    events: int
    refused: int
    case: str
    activity: str
    time: str | None


@contextmanager
def opened(path: Path, *, case: str | None = None, memory: str | None = None) -> Iterator[Log]:
    """Ordered by time and, where that is the same, as in the file."""
    if not path.is_file():
        raise NotALog(f"There is no file {path}.")
    with (
        tempfile.TemporaryDirectory(prefix="careline-log-") as room,
        engine.opened(memory=memory, room=Path(room)) as conn,
    ):
        conn.execute("SET TimeZone = 'UTC'")
        try:
            if ".parquet" in path.suffixes[-1:]:
                yield _parquet(conn, path, case)
            else:
                yield _text(conn, path, Path(room) / "log.csv", case)
        except Refused as refusal:
            raise NotALog(f"{path.name}: {refusal}") from None
        except Exception as error:
            if not type(error).__module__.startswith(("duckdb", "_duckdb")):
                raise
            raise NotALog(f"{path.name} cannot be read: {str(error).splitlines()[0]}") from None


def _text(conn: Connection, path: Path, plain: Path, case: str | None) -> Log:
    """By way of a table of the three columns alone."""
    if {".xes", ".xml"} & {suffix.lower() for suffix in path.suffixes[-2:]}:
        named: tuple[str, str, str | None] = (CASES[0], ACTIVITIES[0], TIMES[0])
        rows = _of_cases(path)
    else:
        lines = formats.cells(path)
        columns = list(next(lines)[1])
        named = _chosen(columns, case)
        rows = _at(lines, [columns.index(name) if name else None for name in named])
    with plain.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    return _laid(conn, _CSV.format(path=quoted(str(plain))), _NAMES, named)


def _of_cases(path: Path) -> Iterator[Sequence[object]]:
    """A trace that has no name is a case all the same, and one may have it behind its events."""
    traces = itertools.groupby(formats.traced(path), lambda pair: id(pair[0]))
    for number, (_id, pairs) in enumerate(traces, 1):
        held = list(pairs)
        if (trace := held[0][0]) is not None:
            case = trace.get(CASES[0], f"case {number}")
            yield from ((case, event.get(ACTIVITIES[0], ""), event.get(TIMES[0], "")) for _trace, event in held)


def _at(lines: Iterator[formats.Cells], places: list[int | None]) -> Iterator[Sequence[object]]:
    """What is not there is empty, as is all of a row that cannot be read."""
    for _number, row in lines:
        cells = [] if isinstance(row, str) else row
        yield [cells[place] if place is not None and place < len(cells) else "" for place in places]


def _parquet(conn: Connection, path: Path, case: str | None) -> Log:
    source = f"read_parquet({quoted(str(path))})"
    columns = [str(name) for name, *_rest in conn.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    named = _chosen(columns, case)
    return _laid(conn, source, named, named)


def _laid(
    conn: Connection, source: str, columns: tuple[str, str, str | None], named: tuple[str, str, str | None]
) -> Log:  # fmt: skip
    case, activity, at = columns
    time = f"timezone('UTC', TRY_CAST({_name(at)} AS TIMESTAMPTZ))" if at and named[2] else "NULL::TIMESTAMP"
    conn.execute(_TAKE.format(case=_name(case), activity=_name(activity), at=time, source=source))
    laying.staging(conn)
    conn.execute(_RAW.format(good=_GOOD + (" AND occurred_at IS NOT NULL" if named[2] else "")))
    kinds = [kind for (kind,) in conn.execute("SELECT DISTINCT kind FROM raw ORDER BY kind").fetchall()]
    events = laying.lay(conn, kinds)
    return Log(conn, events, laying.count(conn, "taken") - events, *named)


def _chosen(columns: list[str], case: str | None) -> tuple[str, str, str | None]:
    """Which columns say the case, the activity and the time."""
    chosen = _named(columns, CASES if case is None else (case,))
    activity = _named(columns, ACTIVITIES, but=chosen)
    there = ", ".join(columns)
    if chosen is None:
        said = "no column that names the case" if case is None else f"no column {case}"
        raise NotALog(f"There is {said}; there are: {there}.")
    if activity is None:
        raise NotALog(f"There is no column that names the activity; there are: {there}.")
    return chosen, activity, _named(columns, TIMES, but=chosen)


def _named(columns: list[str], wanted: tuple[str, ...], but: str | None = None) -> str | None:
    """The column as it is written, found whatever its case."""
    there = {column.lower(): column for column in columns if column != but}
    return next((there[name.lower()] for name in wanted if name.lower() in there), None)


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
