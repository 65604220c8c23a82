"""The questions in DuckDB's SQL.

Some need only the moments (`rows`: customer, position, occurred_at, kind); others a `walk`, which also knows next_kind,
gap (microseconds to the next moment) and first_at (the customer's first moment). Over everything, the copy has the walk
stored; over a part of it, it is worked out from that part, so that nothing of what is left out shows through. Positions
are those of the whole line, which sort a part of it as well.
"""

from __future__ import annotations

from collections.abc import Sequence

SEEN = "SELECT customer, position, occurred_at, kind FROM line WHERE {seen}"
STORED = "SELECT customer, position, occurred_at, kind, next_kind, gap, first_at FROM line"
WORKED_OUT = f"""SELECT customer, row_number() OVER w AS position, occurred_at, kind, lead(kind) OVER w AS next_kind,
  epoch_us(lead(occurred_at) OVER w) - epoch_us(occurred_at) AS gap, first_value(occurred_at) OVER w AS first_at
FROM ({SEEN}) WINDOW w AS (PARTITION BY customer ORDER BY position)"""

STORED_EDGES = "SELECT kind, next_kind, gap FROM edge"
EDGES = f"""SELECT kind, next_kind, gap FROM (
  SELECT kind, lead(kind) OVER w AS next_kind, lead(us) OVER w - us AS gap
  FROM (SELECT *, epoch_us(occurred_at) AS us FROM ({SEEN}))
  WINDOW w AS (PARTITION BY customer ORDER BY position)) WHERE next_kind IS NOT NULL"""
# Where the moments lie in one sorted table nothing is sorted again: an empty OVER goes by the order in which they lie,
# which this engine promises to keep through SELECT and WHERE, though not through joins.
EDGES_AS_THEY_LIE = f"""SELECT kind, next_kind, gap FROM (
  SELECT customer, kind, lead(customer) OVER () AS next_customer, lead(kind) OVER () AS next_kind,
    lead(us) OVER () - us AS gap
  FROM (SELECT *, epoch_us(occurred_at) AS us FROM ({SEEN}))) WHERE next_customer = customer"""

# The two in the middle, which are one when the count is odd, and the smallest that nine of ten do not exceed: values
# that occurred, so that every engine and machine finds the same to the last bit.
_MIDDLE = "quantile_disc({of}, [0.5, 0.500000000001, 0.9])"
_TOLD = "({of}[1] + {of}[2]) / 2, {of}[3]"

MAP = f"""SELECT kind::VARCHAR, next_kind::VARCHAR, n, {_TOLD.format(of="gaps")} FROM (
  SELECT kind, next_kind, count(*) AS n, {_MIDDLE.format(of="gap")} AS gaps FROM ({{edges}}) GROUP BY kind, next_kind)
ORDER BY n DESC, kind::VARCHAR, next_kind::VARCHAR"""

# Where the steps lie in one sorted table, `place` numbers them as they lie: the middle is looked up, not looked for.
MAP_AS_IT_LIES = """WITH edges AS (
  SELECT kind, next_kind, count(*) AS n, min(place) AS first FROM edge GROUP BY kind, next_kind),
wanted AS (
  SELECT kind, next_kind, n, unnest([first + (n - 1) // 2, first + n // 2, first + (9 * n + 9) // 10 - 1]) AS place,
    unnest([1, 2, 3]) AS nth FROM edges)
SELECT kind::VARCHAR, next_kind::VARCHAR, n, (a + b) / 2, c FROM (
  SELECT w.kind, w.next_kind, any_value(w.n) AS n, any_value(e.gap) FILTER (nth = 1) AS a,
    any_value(e.gap) FILTER (nth = 2) AS b, any_value(e.gap) FILTER (nth = 3) AS c
  FROM wanted w JOIN edge e ON e.place = w.place GROUP BY w.kind, w.next_kind)
ORDER BY n DESC, kind::VARCHAR, next_kind::VARCHAR"""

ACTIVITIES = """SELECT kind::VARCHAR, n, firsts, lasts FROM (
  SELECT kind, count(*) AS n, count(*) FILTER (position = 1) AS firsts, count(*) FILTER (next_kind IS NULL) AS lasts
  FROM ({walk}) GROUP BY kind)
ORDER BY n DESC, kind::VARCHAR"""

VARIANTS = """SELECT steps::VARCHAR[], n, count(*) OVER () AS variants, (sum(n) OVER ())::BIGINT AS customers FROM (
  SELECT steps, count(*) AS n FROM (
    SELECT list(kind ORDER BY position) AS steps FROM ({rows}) GROUP BY customer)
  GROUP BY steps)
ORDER BY n DESC, steps::VARCHAR[] LIMIT $limit"""

# The last moment of a run of equal ones stands for the run.
PATHS = """SELECT steps::VARCHAR[], n, count(*) OVER () AS variants, (sum(n) OVER ())::BIGINT AS customers FROM (
  SELECT steps, count(*) AS n FROM (
    SELECT arg_min(kind, position, $steps) AS steps FROM ({walk}) WHERE next_kind IS DISTINCT FROM kind
    GROUP BY customer)
  GROUP BY steps)
ORDER BY n DESC, steps::VARCHAR[] LIMIT $limit"""

# Anchored at the first entry: the window begins there, and each step is the first of its kind after the step before.
_ENTRY = """s1 AS (
  SELECT customer, min(position) AS position, min(occurred_at) AS entered_at, min(occurred_at) AS reached_at
  FROM ({rows}) WHERE kind = $step1 GROUP BY customer)"""
_STEP = """s{n} AS (
  SELECT s.customer, min(w.position) AS position, any_value(s.entered_at) AS entered_at,
    min(w.occurred_at) AS reached_at
  FROM s{before} s JOIN ({rows}) w ON w.customer = s.customer AND w.position > s.position
  WHERE w.kind = $step{n} AND epoch_us(w.occurred_at) - epoch_us(s.entered_at) <= $window
  GROUP BY s.customer)"""
_COUNT = "SELECT {n}, count(*), median(epoch_us(reached_at) - epoch_us(entered_at)) FROM s{n}"


def funnel(rows: str, steps: int) -> str:
    parts = [_ENTRY.format(rows=rows), *(_STEP.format(n=n, before=n - 1, rows=rows) for n in range(2, steps + 1))]
    counts = [_COUNT.format(n=n) for n in range(1, steps + 1)]
    return f"WITH {', '.join(parts)}\n{' UNION ALL '.join(counts)} ORDER BY 1"


# Days of 24 hours each, counted from the person's own entry; a cohort is a day, week or month of the entry in a zone.
DAY = 86_400_000_000
_SINCE_FIRST = (
    "SELECT customer, first_at AS entered_at, epoch_us(occurred_at) - epoch_us(first_at) AS after, kind FROM line"
)
_SINCE_ENTRY = """SELECT customer, entered_at, epoch_us(occurred_at) - epoch_us(entered_at) AS after, kind
  FROM ({rows}) JOIN (
    SELECT customer, min(occurred_at) AS entered_at FROM ({rows}) WHERE {entry} GROUP BY customer) USING (customer)"""
_RETENTION = """SELECT cohort, count(*), {cells} FROM (
  SELECT date_trunc({unit}, timezone({zone}, timezone('UTC', entered_at)))::DATE AS cohort,
    epoch_us($until::TIMESTAMP) - epoch_us(entered_at) AS seen_for, {names}
  FROM (SELECT customer, any_value(entered_at) AS entered_at, {returns} FROM ({since}) GROUP BY customer))
GROUP BY cohort ORDER BY cohort"""


def retention(
    rows: str | None, spans: Sequence[tuple[int, int | None]], *, unit: str, zone: str, entry: bool, back: bool
) -> str:
    """`rows` is None over everything; `unit` and `zone` are literals; with `entry` or `back` only that kind counts."""
    if rows is None and not entry:
        since = _SINCE_FIRST
    else:
        part = rows or "SELECT customer, occurred_at, kind FROM line"
        since = _SINCE_ENTRY.format(rows=part, entry="kind = $entry" if entry else "true")
    returns, cells = [], []
    for n, (low, high) in enumerate(spans):
        within = f"after >= {low * DAY}" + ("" if high is None else f" AND after < {high * DAY}")
        returns.append(f"bool_or({within}{' AND kind = $back' if back else ''}) AS r{n}")
        ripe = f"seen_for >= {(high or low + 1) * DAY}"
        cells.append(f"count(*) FILTER ({ripe}), count(*) FILTER ({ripe} AND r{n})")
    return _RETENTION.format(
        cells=", ".join(cells), unit=unit, zone=zone, names=", ".join(f"r{n}" for n in range(len(spans))),
        returns=", ".join(returns), since=since,
    )  # fmt: skip


# Only the last moments of sessions are sorted: each knows by itself that a pause follows, and when the next one begins.
SESSION_ROWS = """SELECT customer, started_at, ended_at, position - before AS moments FROM (
  SELECT customer, position, occurred_at AS ended_at,
    coalesce(lag(position) OVER w, 0) AS before,
    coalesce(lag(occurred_at + to_microseconds(gap)) OVER w, first_at) AS started_at
  FROM ({walk}) WHERE gap IS NULL OR gap > $pause
  WINDOW w AS (PARTITION BY customer ORDER BY position))"""
SESSION_LIST = SESSION_ROWS + " ORDER BY customer, started_at, moments LIMIT $limit"
SESSIONS = f"""SELECT sessions, customers, moments, single, {_TOLD.format(of="sizes")},
  {_TOLD.format(of="lengths")} FROM (
  SELECT count(*) AS sessions, count(DISTINCT customer) AS customers, coalesce(sum(moments), 0)::BIGINT AS moments,
    count(*) FILTER (moments = 1) AS single, {_MIDDLE.format(of="moments")} AS sizes,
    {_MIDDLE.format(of="epoch_us(ended_at) - epoch_us(started_at)")} AS lengths
  FROM ({SESSION_ROWS}))"""
