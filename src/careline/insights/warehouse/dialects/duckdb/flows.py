"""What comes after a step, or before it: runs of equal moments taken once, from the first of a case on."""

from __future__ import annotations

# `step` counts away from the chosen one; `stops` where a line ends or, looked at backwards, begins.
_FLOW = """WITH runs AS (
  SELECT customer, kind, row_number() OVER (PARTITION BY customer ORDER BY position) AS run,
    {edge} AS stops
  FROM ({walk}) WHERE next_kind IS DISTINCT FROM kind),
chosen AS (SELECT customer, min(run) AS run FROM runs WHERE kind = $chosen GROUP BY customer),
taken AS (
  SELECT r.customer, {away} AS step, r.kind, r.stops FROM runs r JOIN chosen c ON c.customer = r.customer
  WHERE {away} BETWEEN 0 AND $length),
kept AS (
  SELECT step, kind FROM (SELECT step, kind, count(*) AS n FROM taken GROUP BY step, kind)
  QUALIFY row_number() OVER (PARTITION BY step ORDER BY n DESC, kind::VARCHAR) <= $most),
named AS (
  SELECT t.customer, t.step, k.kind, t.stops FROM taken t LEFT JOIN kept k ON k.step = t.step AND k.kind = t.kind)
SELECT step, kind::VARCHAR, onward::VARCHAR, goes_on, stops, count(*) FROM (
  SELECT step, kind, stops, lead(kind) OVER w AS onward, lead(step) OVER w IS NOT NULL AS goes_on
  FROM named WINDOW w AS (PARTITION BY customer ORDER BY step))
GROUP BY ALL"""
_LAST = "row_number() OVER (PARTITION BY customer ORDER BY position DESC) = 1"
_FIRST = "row_number() OVER (PARTITION BY customer ORDER BY position) = 1"


def flow(walk: str, *, back: bool) -> str:
    if back:
        return _FLOW.format(walk=walk, edge=_FIRST, away="c.run - r.run")
    return _FLOW.format(walk=walk, edge=_LAST, away="r.run - c.run")
