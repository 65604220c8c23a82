"""Which moments are looked at, and the questions about lines as they are.

Some questions need only the moments (`rows`: customer, position, occurred_at, kind, ...); others a `walk`, which also
knows next_kind, gap (microseconds to the next moment) and first_at (the customer's first moment). Over everything, the
copy has the walk stored; over a part of it, it is worked out from that part, so that nothing of what is left out shows
through. Positions of `rows` are those of the whole line, which sort a part of it as well; those of a walk have no gaps.
"""

from __future__ import annotations

# `customer` is the case that moments belong to; who lived it is `whose`.
SEEN = "SELECT {case} AS customer, customer AS whose, position, occurred_at, kind, inbox, id FROM line WHERE {seen}"
CUSTOMER = "customer"
JOURNEY = "struct_pack(customer := customer, journey := journey)"
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
MIDDLE = "quantile_disc({of}, [0.5, 0.500000000001, 0.9])"
TOLD = "({of}[1] + {of}[2]) / 2, {of}[3]"

MAP = f"""SELECT kind::VARCHAR, next_kind::VARCHAR, n, {TOLD.format(of="gaps")} FROM (
  SELECT kind, next_kind, count(*) AS n, {MIDDLE.format(of="gap")} AS gaps FROM ({{edges}}) GROUP BY kind, next_kind)
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

# As others read it: times that say they are UTC, kinds as text; what a walk would know beside is left to them.
MOMENTS = """SELECT customer, position, timezone('UTC', occurred_at) AS occurred_at, kind::VARCHAR AS kind, inbox,
  journey, person, id FROM line WHERE {seen} ORDER BY customer, position"""
WRITE = "COPY ({moments}) TO {path} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)"
WRITTEN = "SELECT count(*), count(DISTINCT customer) FROM read_parquet({path})"

LAST = "SELECT max(occurred_at) FROM line"

ACTIVITIES = """SELECT kind::VARCHAR, n, firsts, lasts FROM (
  SELECT kind, count(*) AS n, count(*) FILTER (position = 1) AS firsts, count(*) FILTER (next_kind IS NULL) AS lasts
  FROM ({walk}) GROUP BY kind)
ORDER BY n DESC, kind::VARCHAR"""

VARIANTS = f"""SELECT steps::VARCHAR[], n, count(*) OVER () AS variants, (sum(n) OVER ())::BIGINT AS customers,
  {TOLD.format(of="lengths")} FROM (
  SELECT steps, count(*) AS n, {MIDDLE.format(of="took")} AS lengths FROM (
    SELECT list(kind ORDER BY position) AS steps, epoch_us(max(occurred_at)) - epoch_us(min(occurred_at)) AS took
    FROM ({{rows}}) GROUP BY customer)
  GROUP BY steps)
ORDER BY n DESC, steps::VARCHAR[] LIMIT $limit"""

# The last moment of a run of equal ones stands for the run.
PATHS = """SELECT steps::VARCHAR[], n, count(*) OVER () AS variants, (sum(n) OVER ())::BIGINT AS customers, NULL, NULL
FROM (
  SELECT steps, count(*) AS n FROM (
    SELECT arg_min(kind, position, $steps) AS steps FROM ({walk}) WHERE next_kind IS DISTINCT FROM kind
    GROUP BY customer)
  GROUP BY steps)
ORDER BY n DESC, steps::VARCHAR[] LIMIT $limit"""

# Only the last moments of sessions are sorted: each knows by itself that a pause follows, and when the next one begins.
SESSION_ROWS = """SELECT customer, started_at, ended_at, position - before AS moments FROM (
  SELECT customer, position, occurred_at AS ended_at,
    coalesce(lag(position) OVER w, 0) AS before,
    coalesce(lag(occurred_at + to_microseconds(gap)) OVER w, first_at) AS started_at
  FROM ({walk}) WHERE gap IS NULL OR gap > $pause
  WINDOW w AS (PARTITION BY customer ORDER BY position))"""
SESSION_LIST = SESSION_ROWS + " ORDER BY customer, started_at, moments LIMIT $limit"
SESSIONS = f"""SELECT sessions, customers, moments, single, {TOLD.format(of="sizes")},
  {TOLD.format(of="lengths")} FROM (
  SELECT count(*) AS sessions, count(DISTINCT customer) AS customers, coalesce(sum(moments), 0)::BIGINT AS moments,
    count(*) FILTER (moments = 1) AS single, {MIDDLE.format(of="moments")} AS sizes,
    {MIDDLE.format(of="epoch_us(ended_at) - epoch_us(started_at)")} AS lengths
  FROM ({SESSION_ROWS}))"""
