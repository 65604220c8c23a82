"""What is done again within a case: directly after itself, or after others."""

from __future__ import annotations

from careline.insights.warehouse.dialects.duckdb.lines import MIDDLE, TOLD

# As many others are named that lie between a step and its repetition.
FAR = 4
_STEPS = """steps AS (
  SELECT customer, kind, position - lag(position) OVER k - 1 AS between,
    epoch_us(occurred_at) - epoch_us(lag(occurred_at) OVER k) AS took
  FROM ({walk}) WINDOW k AS (PARTITION BY customer, kind ORDER BY position))"""
_LENGTHS = """lengths AS (
  SELECT customer, epoch_us(max(occurred_at)) - epoch_us(min(occurred_at)) AS length, count(*) AS moments,
    count(DISTINCT kind) AS kinds FROM ({walk}) GROUP BY customer)"""

AGAIN = f"""WITH {_STEPS}, {_LENGTHS},
per_case AS (
  SELECT s.kind, count(*) AS n, any_value(l.length) AS length
  FROM steps s JOIN lengths l ON l.customer = s.customer GROUP BY s.customer, s.kind),
cases AS (
  SELECT kind, sum(n)::BIGINT AS n, count(*) AS cases, count(*) FILTER (n > 1) AS again,
    quantile_disc(length, [0.5, 0.500000000001]) FILTER (n > 1) AS longer,
    quantile_disc(length, [0.5, 0.500000000001]) FILTER (n = 1) AS once FROM per_case GROUP BY kind),
repeats AS (
  SELECT kind, count(*) FILTER (between = 0) AS direct, count(*) FILTER (between > 0) AS round,
    {MIDDLE.format(of="took")} FILTER (between = 0) AS at_once, {MIDDLE.format(of="took")} FILTER (between > 0) AS later
  FROM steps GROUP BY kind)
SELECT c.kind::VARCHAR, c.n, c.cases, c.again, r.direct, (r.at_once[1] + r.at_once[2]) / 2, r.round,
  (r.later[1] + r.later[2]) / 2, (c.longer[1] + c.longer[2]) / 2, (c.once[1] + c.once[2]) / 2
FROM cases c JOIN repeats r ON r.kind = c.kind WHERE c.again > 0
ORDER BY r.direct + r.round DESC, c.kind::VARCHAR LIMIT $limit"""

TOTAL = f"""WITH {_LENGTHS}
SELECT cases, again, repeats, (longer[1] + longer[2]) / 2, (once[1] + once[2]) / 2 FROM (
  SELECT count(*) AS cases, count(*) FILTER (moments > kinds) AS again,
    coalesce(sum(moments - kinds), 0)::BIGINT AS repeats,
    quantile_disc(length, [0.5, 0.500000000001]) FILTER (moments > kinds) AS longer,
    quantile_disc(length, [0.5, 0.500000000001]) FILTER (moments = kinds) AS once FROM lengths)"""

# The kinds between, in their order; each moment carries those before it, so that nothing is looked up again.
_BACK = ", ".join(f"lag(kind, {n}) OVER w" for n in range(FAR, 0, -1))
LOOPS = f"""SELECT kind::VARCHAR, over::VARCHAR[], n, cases, {TOLD.format(of="times")} FROM (
  SELECT kind, over, count(*) AS n, count(DISTINCT customer) AS cases, {MIDDLE.format(of="took")} AS times FROM (
    SELECT customer, kind, took, list_slice(back, {FAR} - between + 1, {FAR}) AS over FROM (
      SELECT customer, kind, [{_BACK}] AS back, position - lag(position) OVER k - 1 AS between,
        epoch_us(occurred_at) - epoch_us(lag(occurred_at) OVER k) AS took
      FROM ({{walk}})
      WINDOW w AS (PARTITION BY customer ORDER BY position), k AS (PARTITION BY customer, kind ORDER BY position))
    WHERE between <= {FAR})
  GROUP BY kind, over)
ORDER BY n DESC, kind::VARCHAR, over::VARCHAR[] LIMIT $limit"""
