"""What the first rows hold of a column, cut to be looked at."""

from __future__ import annotations

from careline.tracking.queries import Look

SHOWN = 3
LONG = 60


def examples(look: Look, name: str) -> list[str]:
    found = (str(row[name]) for row in look.rows if row.get(name) not in (None, ""))
    return list(dict.fromkeys(one if len(one) <= LONG else one[: LONG - 1] + "…" for one in found))[:SHOWN]
