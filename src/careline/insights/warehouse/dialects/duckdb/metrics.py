"""What each metric counts, in SQL over the tables of measures: one relation each, filtered once for all of its parts.

`counts` says which rows it is about, `clock` by when they count, `value` what is looked at, and `known` of which rows
that can be told already; `until` is the moment up to which everything is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from careline.insights.warehouse.copy.measures import DAY, PRESENCE

MATTER = 7 * DAY
CAME_BACK = 14 * DAY
BOUGHT_AGAIN = 90 * DAY
PRESENT = 60 * DAY
# Of a scale of so many, how many boxes at the top are content.
TOP = """CASE WHEN scale BETWEEN 2 AND 3 THEN 1 WHEN scale BETWEEN 4 AND 7 THEN 2 WHEN scale BETWEEN 8 AND 10 THEN 3
  END"""
_BEGUN = "actor = 'customer'"
# Weights are hundredths, so that every sum is exact.
_EFFORT = "contacts * $contacts + waits * $waits + transfers * $transfers + switches * $switches"


class Terms(msgspec.Struct, frozen=True):
    relation: str
    clock: str
    value: str = "true"
    counts: str = "true"
    known: str = "true"
    # The two moments between which working hours count.
    hours: tuple[str, str] | None = None


def _passed(clock: str, span: int) -> str:
    return f"epoch_us({clock}) + {span} <= epoch_us($until::TIMESTAMP)"


def _between(start: str, finish: str) -> str:
    return f"epoch_us({finish}) - epoch_us({start})"


# Whoever gives up sooner was not kept waiting.
SHORT = 5
_TAKEN, _GIVEN_UP = "how = 'taken'", "how = 'given_up'"
TERMS: dict[str, Terms] = {
    "nps": Terms(
        "answer", "occurred_at", "CASE WHEN score >= 9 THEN 1 WHEN score >= 7 THEN 0 ELSE -1 END",
        "metric = 'nps' AND coalesce(scale, 10) = 10 AND score BETWEEN 0 AND 10",
    ),
    "csat": Terms(
        "answer", "occurred_at", f"score > scale - {TOP}", f"metric = 'csat' AND {TOP} IS NOT NULL AND score <= scale"
    ),
    "ces": Terms(
        "answer", "occurred_at", "score >= 5",
        "metric = 'ces' AND coalesce(scale, 7) = 7 AND score BETWEEN 1 AND 7",
    ),
    "ces1": Terms(
        "answer", "occurred_at", "round(score * 100)::BIGINT",
        "metric = 'ces1' AND coalesce(scale, 5) = 5 AND score BETWEEN 1 AND 5",
    ),
    "answers": Terms("answer", "occurred_at"),
    "contacts": Terms("talk", "opened_at", counts=_BEGUN),
    "orders": Terms("purchase", "occurred_at"),
    "first_response_time": Terms(
        "talk", "opened_at", _between("opened_at", "answered_at"), _BEGUN, "answered_at IS NOT NULL"
    ),
    "first_response_time_business": Terms(
        "talk", "opened_at", "worked", _BEGUN, "answered_at IS NOT NULL", ("opened_at", "answered_at")
    ),
    "first_resolution_time": Terms(
        "talk", "resolved_at", _between("opened_at", "resolved_at"), f"{_BEGUN} AND resolved_at IS NOT NULL"
    ),
    "resolution_time": Terms(
        "talk", "ended_at", _between("opened_at", "ended_at"), f"{_BEGUN} AND ended_at IS NOT NULL"
    ),
    "resolution_time_business": Terms(
        "talk", "ended_at", "worked", f"{_BEGUN} AND ended_at IS NOT NULL", hours=("opened_at", "ended_at")
    ),
    "resolution_rate": Terms(
        "talk", "opened_at", f"coalesce({_between('opened_at', 'resolved_at')} <= {MATTER}, false)", _BEGUN,
        _passed("opened_at", MATTER),
    ),
    "reopen_rate": Terms(
        "talk", "resolved_at", f"coalesce({_between('resolved_at', 'reopened_at')} <= {CAME_BACK}, false)",
        f"{_BEGUN} AND resolved_at IS NOT NULL", _passed("resolved_at", CAME_BACK),
    ),
    "fcr": Terms(
        "talk", "opened_at",
        f"""coalesce({_between("opened_at", "resolved_at")} <= {MATTER}, false) AND NOT passed
      AND NOT coalesce({_between("opened_at", "reopened_at")} <= {MATTER}, false)
      AND NOT coalesce({_between("opened_at", "next_at")} <= {MATTER}, false)""",
        f"{_BEGUN} AND NOT coalesce({_between('before_at', 'opened_at')} <= {MATTER}, false)",
        _passed("opened_at", MATTER),
    ),
    "delivery_on_time": Terms("delivery", "occurred_at", "score <= 0"),
    "promises_kept": Terms("promise", "occurred_at", "kept"),
    "service_level": Terms(
        "wait", "occurred_at", f"{_TAKEN} AND waited <= target", f"({_TAKEN} OR {_GIVEN_UP} AND waited > target)"
    ),
    "service_level_strict": Terms(
        "wait", "occurred_at", f"{_TAKEN} AND waited <= target", f"({_TAKEN} OR {_GIVEN_UP})"
    ),
    "abandonment": Terms("wait", "occurred_at", _GIVEN_UP, f"({_TAKEN} OR {_GIVEN_UP} AND waited >= {SHORT})"),
    "effort": Terms("talk", "opened_at", f"({_EFFORT})::BIGINT", _BEGUN),
    "re_ask_rate": Terms("talk", "opened_at", "asked_again", _BEGUN, "answered_at IS NOT NULL"),
    "negative_sentiment": Terms(
        "talk", "opened_at", "felt_last <= -500 * felt_of", _BEGUN, "felt_of IS NOT NULL"
    ),
    "sentiment_shift": Terms(
        "talk", "opened_at", "floor((felt_last - felt_first) * 100 / felt_of + 0.5)::BIGINT", _BEGUN,
        "felt_of IS NOT NULL",
    ),
    "retention": Terms("presence", "first_at", "back", known=_passed("first_at", PRESENT)),
    "repeat_purchase_rate": Terms(
        "purchase", "occurred_at", f"coalesce({_between('occurred_at', 'next_at')} <= {BOUGHT_AGAIN}, false)",
        "nth = 1", _passed("occurred_at", BOUGHT_AGAIN),
    ),
}  # fmt: skip

# What is seen of a part of the tables is worked out from that part: a talk nobody may know of leaves no trace.
_TALKS_SEEN = """SELECT * REPLACE (
    CASE WHEN actor = 'customer' THEN max(opened_at) FILTER (actor = 'customer') OVER earlier END AS before_at,
    CASE WHEN actor = 'customer' THEN min(opened_at) FILTER (actor = 'customer') OVER later END AS next_at)
  FROM talk WHERE {seen}
  WINDOW earlier AS (PARTITION BY customer ORDER BY opened_at, talk ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
    later AS (PARTITION BY customer ORDER BY opened_at, talk ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)"""
_PURCHASES_SEEN = """SELECT * REPLACE (row_number() OVER w AS nth, lead(occurred_at) OVER w AS next_at)
  FROM purchase WHERE {seen} WINDOW w AS (PARTITION BY customer ORDER BY occurred_at, id)"""
_SEEN = {
    "talk": _TALKS_SEEN,
    "purchase": _PURCHASES_SEEN,
    "answer": "SELECT * FROM answer WHERE {seen}",
    "delivery": "SELECT * FROM delivery WHERE {seen}",
    "promise": "SELECT * FROM promise WHERE {seen}",
    "wait": "SELECT * FROM wait WHERE {seen}",
    "presence": PRESENCE.format(rows="SELECT customer, occurred_at, id, kind FROM line WHERE {seen}"),
}
# The open hours up to a moment: those of the pieces that are over, and of the one it may lie in.
SHIFTS = "CREATE OR REPLACE TEMP TABLE shift (begins TIMESTAMP, ends TIMESTAMP, before BIGINT)"
TAKE_SHIFTS = (
    "INSERT INTO shift SELECT unnest($begins::TIMESTAMP[]), unnest($ends::TIMESTAMP[]), unnest($before::BIGINT[])"
)
_OPEN = """coalesce({side}.before + epoch_us(least({at}, {side}.ends)) - epoch_us({side}.begins), 0)"""
_WORKED = """SELECT r.*, CASE WHEN r.{stop} IS NOT NULL THEN {finish} - {start} END AS worked FROM ({relation}) r
  ASOF LEFT JOIN shift a ON r.{begin} >= a.begins ASOF LEFT JOIN shift b ON r.{stop} >= b.begins"""

# A filter's own words; each is given as a parameter of its name.
FILTERS = {
    "inbox": "inbox = $inbox", "channel": "channel = $channel", "team": "team = $team", "agent": "agent = $agent",
    "survey": "survey = $survey", "queue": "queue = $queue", "segment": "customer IN (SELECT key FROM chosen)",
}  # fmt: skip
CHOSEN = "CREATE OR REPLACE TEMP TABLE chosen AS SELECT unnest($keys::BIGINT[]) AS key"
NAMED = "CREATE OR REPLACE TEMP TABLE named_parts (key BIGINT, name VARCHAR)"
TAKE_NAMED = "INSERT INTO named_parts SELECT unnest($keys::BIGINT[]), $name"

AGGREGATES = {
    "share": "count(*) FILTER (known AND value), NULL, NULL",
    "scored share": "count(*) FILTER (known AND value), sum(score) FILTER (known)::DOUBLE, NULL",
    "nps": "count(*) FILTER (value = 1), count(*) FILTER (value = -1), NULL",
    "mean": "sum(value) FILTER (known)::HUGEINT, sum(value::HUGEINT * value) FILTER (known)::HUGEINT, NULL",
    "median": "NULL, NULL, list_sort(list(value) FILTER (known))",
    "count": "NULL, NULL, NULL",
}

# The values in order are kept aside until it is known which of them are wanted.
SORTED = """CREATE OR REPLACE TEMP TABLE sorted AS SELECT set_n, span, part, whole, n, told FROM ({counted})
  AS found(set_n, span, part, whole, n, first, second, told)"""
COUNTS = "SELECT DISTINCT n FROM sorted ORDER BY n"
PICKED = """SELECT s.set_n, s.span, s.part, s.whole, s.n, told[(s.n + 1) // 2], told[s.n // 2 + 1], told[e.low],
  told[e.high], told[(9 * s.n + 9) // 10]
FROM sorted s JOIN (SELECT unnest($counts::BIGINT[]) AS n, unnest($low::BIGINT[]) AS low,
  unnest($high::BIGINT[]) AS high) e ON e.n = s.n"""


def relation(terms: Terms, *, seen: str, whole: bool) -> str:
    """The rows a metric is about, as far as they are seen."""
    rows = f"SELECT * FROM {terms.relation}" if whole else _SEEN[terms.relation].format(seen=seen)
    if terms.hours is None:
        return rows
    begin, stop = terms.hours
    # Only those that count are looked up among the hours.
    rows = f"SELECT * FROM ({rows}) WHERE {terms.counts} AND {terms.clock} >= $low AND {terms.clock} < $high"
    start, finish = (_OPEN.format(side=side, at=f"r.{at}") for side, at in (("a", begin), ("b", stop)))
    return _WORKED.format(relation=rows, begin=begin, stop=stop, start=start, finish=finish)


def cases(terms: Terms, *, seen: str, whole: bool, filters: Sequence[str], part: str, more: str = "") -> str:
    """Of each row: when it counts, its part, whether it can be told and what it says."""
    where = " AND ".join([f"({terms.counts})", *(FILTERS[name] for name in filters)])
    joined = " JOIN named_parts ON named_parts.key = customer" if part == "segment" else ""
    named = {"none": "NULL::VARCHAR", "segment": "named_parts.name"}.get(part, f"{part}::VARCHAR")
    return f"""SELECT {terms.clock} AS clock, {named} AS part, ({terms.value}) AS value, ({terms.known}) AS known{more}
  FROM ({relation(terms, seen=seen, whole=whole)}){joined}
  WHERE {where} AND {terms.clock} >= $low AND {terms.clock} < $high"""


def counted(terms: Terms, rows: str, kind: str, sets: Sequence[Sequence[datetime]], *, parted: bool) -> str:
    """How the cases of each span of each set count; spans lie between the moments of a set."""
    # Where there are no parts nothing is hashed but a small number.
    part, by = ("part", ", part") if parted else ("NULL::VARCHAR", "")
    sums = AGGREGATES["scored share" if kind == "share" and terms.relation == "answer" else kind]
    told = " UNION ALL ".join(
        f"SELECT {n}, span, {part}, count(*), count(*) FILTER (known), {sums}"
        f" FROM (SELECT *, {_span(bounds)} AS span FROM cases WHERE {_within(bounds)}) GROUP BY span{by}"
        for n, bounds in enumerate(sets)
    )
    return f"WITH cases AS MATERIALIZED ({rows}) {told}"


def heard(talks: str, answers: Mapping[str, str], sets: Sequence[Sequence[datetime]]) -> str:
    """Of customers whose talk began in a span, those who answered within the same one; of each name's answers."""
    wrote = ", ".join(
        f"wrote_{n} AS MATERIALIZED (SELECT DISTINCT customer, part, {_span(bounds)} AS span FROM talks"
        f" WHERE {_within(bounds)})"
        for n, bounds in enumerate(sets)
    )
    told = " UNION ALL ".join(
        f"""SELECT '{name}', {n}, w.span, w.part, count(*), count(a.customer) FROM wrote_{n} w
    LEFT JOIN (SELECT DISTINCT customer, {_span(bounds)} AS span FROM ({rows}) WHERE {_within(bounds)}) a
      ON a.customer = w.customer AND a.span = w.span
    GROUP BY w.span, w.part"""
        for name, rows in answers.items()
        for n, bounds in enumerate(sets)
    )
    return f"WITH talks AS MATERIALIZED ({talks}), {wrote} {told}"


def _within(bounds: Sequence[datetime]) -> str:
    return f"clock >= {_literal(bounds[0])} AND clock < {_literal(bounds[-1])}"


def _span(bounds: Sequence[datetime]) -> str:
    """Which span a clock within them falls into, halved until it is found."""
    return _tree(bounds, 0, len(bounds) - 1)


def _tree(bounds: Sequence[datetime], low: int, high: int) -> str:
    if high - low == 1:
        return str(low)
    middle = (low + high) // 2
    return (
        f"CASE WHEN clock < {_literal(bounds[middle])} THEN {_tree(bounds, low, middle)}"
        f" ELSE {_tree(bounds, middle, high)} END"
    )


def _literal(at: datetime) -> str:
    return f"TIMESTAMP '{at.isoformat(sep=' ')}'"


def behind(rows: str) -> str:
    """The cases themselves, the latest first."""
    return f"""SELECT clock, id, customer, talk, known, value, score FROM ({rows})
WHERE $at::TIMESTAMP IS NULL OR (clock, id) < ($at::TIMESTAMP, $id::UUID) ORDER BY clock DESC, id DESC LIMIT $limit"""


ENDS = ", {begin} AS begin, {stop} AS stop"
REACH = "SELECT min(begin), max(stop) FROM ({rows})"
# What is asked of cases beside what is counted.
SCORE, CUSTOMER = ", score", ", customer"
COLUMNS: Mapping[str, str] = {
    "talk": ", NULL::DOUBLE AS score, customer, id, talk",
    "answer": ", score, customer, id, talk",
    "promise": ", NULL::DOUBLE AS score, customer, id, talk",
    "wait": ", NULL::DOUBLE AS score, customer, id, talk",
}
OTHERS = ", NULL::DOUBLE AS score, customer, id, NULL::VARCHAR AS talk"
