"""The time between two steps.

A wait begins with the first `start` while none is open and ends with the first `finish` after it; what else of `start`
happens meanwhile belongs to the same wait. An answer after the window is none; while the window runs, nobody knows.
"""

from __future__ import annotations

from careline.insights.warehouse.dialects.duckdb.lines import MIDDLE, TOLD

# `done` counts the answers up to a moment, itself included: what waits there is answered by the next one.
WAITS = """CREATE OR REPLACE TEMP TABLE anchors AS
WITH part AS (
  SELECT *, count(*) FILTER (kind = $finish) OVER (PARTITION BY customer ORDER BY position) AS done
  FROM ({rows}) WHERE kind = $start OR kind = $finish),
begun AS (
  SELECT * FROM part WHERE kind = $start
  QUALIFY row_number() OVER (PARTITION BY customer, done ORDER BY position) = 1),
answers AS (SELECT customer, done - 1 AS done, occurred_at FROM part WHERE kind = $finish)
SELECT b.whose, b.inbox, b.id, b.occurred_at,
  CASE WHEN epoch_us(a.occurred_at) - epoch_us(b.occurred_at) <= $window
    THEN epoch_us(a.occurred_at) - epoch_us(b.occurred_at) END AS took,
  a.occurred_at IS NULL AND epoch_us($until::TIMESTAMP) - epoch_us(b.occurred_at) <= $window AS open
FROM begun b LEFT JOIN answers a ON a.customer = b.customer AND a.done = b.done"""

_TELL = f"""SELECT {{by}}, n, unanswered, waiting, {TOLD.format(of="times")} FROM (
  SELECT {{by}}, count(took) AS n, count(*) FILTER (took IS NULL AND NOT open) AS unanswered,
    count(*) FILTER (open) AS waiting, {MIDDLE.format(of="took")} AS times
  FROM ({{anchors}}) {{grouped}})"""

ALL = _TELL.format(by="1", anchors="SELECT * FROM anchors", grouped="")
TREND = _TELL.format(
    by="begun",
    anchors="""SELECT *, date_trunc({unit}, timezone({zone}, timezone('UTC', occurred_at)))::DATE AS begun
    FROM anchors""",
    grouped="GROUP BY begun",
) + " ORDER BY begun"  # fmt: skip
BY_PART = _TELL.format(by="name, others", anchors="{parts}", grouped="GROUP BY name, others")
# Answered waits by the bound they have reached.
BINS = """SELECT b.low, count(*) FROM anchors a ASOF JOIN (SELECT unnest($bounds::BIGINT[]) AS low) b ON a.took >= b.low
GROUP BY b.low ORDER BY b.low"""
