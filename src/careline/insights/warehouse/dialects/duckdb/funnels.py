"""How many take steps in their order. Anchored at the first entry: the window begins there, and each step is the first
of its kind after the step before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_ENTRY = """s1 AS (
  SELECT customer, min(position) AS position, min(occurred_at) AS entered_at, min(occurred_at) AS reached_at
  FROM ({rows}) WHERE kind = $step1 GROUP BY customer)"""
_WITHIN = "epoch_us(w.occurred_at) - epoch_us(s.entered_at) <= $window"
_STEP = """{into}{n} AS (
  SELECT s.customer, min(w.position) AS position, any_value(s.entered_at) AS entered_at,
    min(w.occurred_at) AS reached_at, any_value(s.position) AS left_at
  FROM s{before} s JOIN ({rows}) w ON w.customer = s.customer AND w.position > s.position
  WHERE w.kind = $step{n} AND {within}
  GROUP BY s.customer)"""
# Positions count the moments that are looked at without a gap here.
_NEXT = """s{n} AS (
  SELECT s.customer, w.position, s.entered_at, w.occurred_at AS reached_at
  FROM s{before} s JOIN ({walk}) w ON w.customer = s.customer AND w.position = s.position + 1
  WHERE w.kind = $step{n} AND {within})"""
# Who came this far, but by way of something that must not happen on it.
_ASTRAY = """x{n} AS (
  SELECT DISTINCT r.customer FROM r{n} r
  JOIN ({rows}) w ON w.customer = r.customer AND w.position > r.left_at AND w.position < r.position
  WHERE w.kind::VARCHAR IN (SELECT unnest($never{n}::VARCHAR[]))),
s{n} AS (SELECT r.* FROM r{n} r ANTI JOIN x{n} x ON x.customer = r.customer)"""
_COUNT = "SELECT {n}, count(*), median(epoch_us(reached_at) - epoch_us(entered_at)), {excluded} FROM s{n}"

# The moments of entry, for what parts them.
ENTRIES = """CREATE OR REPLACE TEMP TABLE anchors AS SELECT customer, whose, inbox, id, occurred_at FROM ({rows})
WHERE kind = $step1 QUALIFY row_number() OVER (PARTITION BY customer ORDER BY position) = 1"""
_BY_PART = """SELECT {n}, a.name, a.others, count(s.customer),
  median(epoch_us(s.reached_at) - epoch_us(s.entered_at)), {excluded}
FROM parts a LEFT JOIN s{n} s ON s.customer = a.customer{astray} GROUP BY a.name, a.others"""


def funnel(
    rows: str, steps: int, *, walk: str | None = None, never: Sequence[int] = (), parted: str | None = None
) -> str:
    """With a `walk` each step follows the one before directly. `never` are the steps on the way to which something must
    not happen; `parted` names the parts of the entries."""
    ways = [_ENTRY.format(rows=walk or rows)]
    for n in range(2, steps + 1):
        if walk is not None:
            ways.append(_NEXT.format(n=n, before=n - 1, walk=walk, within=_WITHIN))
            continue
        into = "r" if n in never else "s"
        ways.append(_STEP.format(into=into, n=n, before=n - 1, rows=rows, within=_WITHIN))
        if n in never:
            ways.append(_ASTRAY.format(n=n, rows=rows))
    if parted is not None:
        ways.append(f"parts AS ({parted})")
        counts = [_by_part(n, n in never) for n in range(1, steps + 1)]
    else:
        counts = [
            _COUNT.format(n=n, excluded=f"(SELECT count(*) FROM x{n})" if n in never else "0")
            for n in range(1, steps + 1)
        ]  # fmt: skip
    return f"WITH {', '.join(ways)}\n{' UNION ALL '.join(counts)} ORDER BY 1"


def _by_part(n: int, never: bool) -> str:
    astray = f" LEFT JOIN x{n} x ON x.customer = a.customer" if never else ""
    return _BY_PART.format(n=n, astray=astray, excluded="count(x.customer)" if never else "0")


def given(steps: Sequence[str], never: Mapping[int, Sequence[str]]) -> dict[str, object]:
    """The parameters its SQL names."""
    found: dict[str, object] = {f"step{n}": step for n, step in enumerate(steps, 1)}
    return found | {f"never{n}": list(kinds) for n, kinds in never.items()}
