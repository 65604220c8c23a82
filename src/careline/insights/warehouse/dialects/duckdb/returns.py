"""Who came back. Days of 24 hours each, counted from the person's own entry; a cohort is a day, week or month of it."""

from __future__ import annotations

from collections.abc import Sequence

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
