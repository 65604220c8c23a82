"""Counting what metrics are about: by spans of time and by parts, and the single cases behind a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal
from uuid import UUID

import msgspec

from careline.insights.warehouse.dialects.duckdb import metrics as sql
from careline.insights.warehouse.dialects.duckdb.metrics import TERMS, Terms
from careline.insights.warehouse.engine import Connection
from careline.insights.warehouse.sight import Sight, plain
from careline.touchpoints.feelings import PARTS

Kind = Literal["share", "nps", "mean", "median", "count"]
# Bounds of spans that follow each other, each from its moment to before the next one's.
Bounds = Sequence[datetime]
Reach = tuple[datetime, datetime]
Ranks = Callable[[int], tuple[int, int] | None]
_AT_ONCE = 50_000


class Shift(msgspec.Struct, frozen=True):
    """A piece of open hours, and the microseconds that were open before it."""

    begins: datetime
    ends: datetime
    before: int


class Wanted(msgspec.Struct, frozen=True):
    """Which cases: `filters` hold of every one of them; `part` is none, segment or a column; shifts for open hours;
    `weights` of the parts of effort, in hundredths."""

    until: datetime
    filters: Mapping[str, Any] = {}
    part: str = "none"
    shifts: Sequence[Shift] = ()
    weights: Sequence[int] = ()


class Picks(msgspec.Struct, frozen=True):
    """Of values in order: the two in the middle, the ends of the interval, and what nine of ten do not exceed."""

    below: int
    above: int
    low: int | None
    high: int | None
    most: int


class Tally(msgspec.Struct, frozen=True):
    """Of a span of a set and a part: how many cases there are, of how many something is known, and what.

    `first` and `second` are sums, by the kind of figure; of a median there are `picks`.
    """

    set: int
    span: int
    part: str | None
    whole: int
    n: int
    first: float | int | None
    second: float | int | None
    picks: Picks | None = None


class Heard(msgspec.Struct, frozen=True):
    """Of the customers whose talk began in a span, how many answered in it."""

    name: str
    set: int
    span: int
    part: str | None
    customers: int
    answered: int


class Case(msgspec.Struct, frozen=True):
    """One row behind a figure, with the moment it counts by."""

    at: datetime
    id: UUID
    customer: int
    talk: str | None
    known: bool
    value: int | float | bool | None
    score: float | None


def tallies(
    conn: Connection, name: str, kind: Kind, sets: Sequence[Bounds], look: Sight, wanted: Wanted, ranks: Ranks
) -> list[Tally]:
    """`ranks` says between which of n ordered values a median lies."""
    terms = TERMS[name]
    _prepare(conn, terms, wanted)
    rows = _cases(terms, look, wanted, sql.SCORE if terms.relation == "answer" else "")
    text = sql.counted(terms, rows, kind, [_plain(bounds) for bounds in sets], parted=wanted.part != "none")
    if kind == "median":
        conn.execute(sql.SORTED.format(counted=text), _given(terms, look, wanted, sets))
        return _picked(conn, ranks)
    found = conn.execute(text, _given(terms, look, wanted, sets)).fetchall()
    return [Tally(*row[:-1]) for row in found]


def _picked(conn: Connection, ranks: Ranks) -> list[Tally]:
    counts = [n for (n,) in conn.execute(sql.COUNTS).fetchall()]
    ends = [ranks(n) for n in counts]
    given = {"counts": counts, "low": [one and one[0] for one in ends], "high": [one and one[1] for one in ends]}
    found = conn.execute(sql.PICKED, given).fetchall()
    return [
        Tally(n, span, part, whole, known, None, None, Picks(*picks) if known else None)
        for n, span, part, whole, known, *picks in found
    ]


def heard(
    conn: Connection, names: Sequence[str], sets: Sequence[Bounds], look: Sight, wanted: Wanted
) -> list[Heard]:  # fmt: skip
    """Answers count here whoever they were about: a survey is not asked of a channel."""
    talks = _cases(TERMS["contacts"], look, wanted, sql.CUSTOMER)
    anybody = msgspec.structs.replace(wanted, filters={}, part="none")
    answers = {name: _cases(TERMS[name], look, anybody, sql.CUSTOMER) for name in names}
    text = sql.heard(talks, answers, [_plain(bounds) for bounds in sets])
    given = _given(TERMS["contacts"], look, wanted, sets)
    return [Heard(*row) for row in conn.execute(text, given).fetchall()]


def behind(
    conn: Connection, name: str, bounds: Bounds, look: Sight, wanted: Wanted, *,
    after: tuple[datetime, UUID] | None = None, limit: int = 50,
) -> list[Case]:  # fmt: skip
    """The latest first, or those that follow a place in that order."""
    terms = TERMS[name]
    _prepare(conn, terms, wanted)
    text = sql.behind(_cases(terms, look, wanted, sql.COLUMNS.get(terms.relation, sql.OTHERS)))
    given = _given(terms, look, wanted, [bounds]) | {
        "at": plain(after[0]) if after else None, "id": str(after[1]) if after else None, "limit": limit,
    }  # fmt: skip
    return [Case(row[0].replace(tzinfo=UTC), *row[1:]) for row in conn.execute(text, given).fetchall()]


def reach(conn: Connection, name: str, sets: Sequence[Bounds], look: Sight, wanted: Wanted) -> Reach | None:
    """From the first to the last moment between which open hours are asked for."""
    terms = msgspec.structs.replace(TERMS[name], value="true", hours=None)
    asked = TERMS[name].hours
    assert asked is not None
    rows = _cases(terms, look, wanted, sql.ENDS.format(begin=asked[0], stop=asked[1]))
    [(first, last)] = conn.execute(sql.REACH.format(rows=rows), _given(terms, look, wanted, sets)).fetchall()
    return None if first is None or last is None else (first.replace(tzinfo=UTC), last.replace(tzinfo=UTC))


def choose(conn: Connection, customers: Iterable[int]) -> None:
    """Whom a filter by segment leaves."""
    conn.execute(sql.CHOSEN, {"keys": list(customers)})


def name_parts(conn: Connection, names: Iterable[tuple[int, str]]) -> None:
    """Which parts a customer is of; in the order of the parts."""
    conn.execute(sql.NAMED)
    given = iter(names)
    while piece := list(islice(given, _AT_ONCE)):
        by_name: dict[str, list[int]] = {}
        for key, name in piece:
            by_name.setdefault(name, []).append(key)
        for name, keys in by_name.items():
            conn.execute(sql.TAKE_NAMED, {"keys": keys, "name": name})


def _cases(terms: Terms, look: Sight, wanted: Wanted, more: str = "") -> str:
    whole = look.inboxes is None and look.beside
    return sql.cases(terms, seen=look.seen(), whole=whole, filters=list(wanted.filters), part=wanted.part, more=more)


def _prepare(conn: Connection, terms: Terms, wanted: Wanted) -> None:
    if terms.hours is not None:
        conn.execute(sql.SHIFTS)
        if wanted.shifts:
            conn.execute(
                sql.TAKE_SHIFTS,
                {
                    "begins": [plain(one.begins) for one in wanted.shifts],
                    "ends": [plain(one.ends) for one in wanted.shifts],
                    "before": [one.before for one in wanted.shifts],
                },
            )


def _given(terms: Terms, look: Sight, wanted: Wanted, sets: Sequence[Bounds]) -> dict[str, Any]:
    """The parameters its SQL names, and no others."""
    given: dict[str, Any] = {
        "low": plain(min(bounds[0] for bounds in sets)), "high": plain(max(bounds[-1] for bounds in sets)),
        **{name: value for name, value in wanted.filters.items() if name != "segment"},
    }  # fmt: skip
    if "$until" in terms.known:
        given["until"] = plain(wanted.until)
    if "$contacts" in terms.value:
        given |= zip(PARTS, wanted.weights, strict=True)
    if look.inboxes is not None:
        given["inboxes"] = list(look.inboxes)
    return given


def _plain(bounds: Bounds) -> list[datetime]:
    return [plain(one) for one in bounds]
