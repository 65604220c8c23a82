"""Every metric by its definition: what is counted of what, by which clock, and what was last changed about it.

Words are for people and stand in the catalogs; the same definition as SQL stands with the dialect, by its name.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import msgspec
from django.utils.translation import gettext_noop as n_

from careline.insights.warehouse.metering import Kind

Area = Literal["efficiency", "satisfaction", "loyalty", "emotion"]
About = Literal["talk", "answer", "purchase", "delivery", "promise", "wait", "presence"]
Unit = Literal["percent", "points", "seconds", "count", "ratio"]
# By what a figure may be narrowed and parted: of orders and of whole customers nobody knows a channel.
NARROWED: dict[About, tuple[str, ...]] = {
    "talk": ("channel", "inbox", "team", "agent", "segment"),
    "answer": ("channel", "inbox", "team", "agent", "segment", "survey"),
    "purchase": ("segment",),
    "delivery": ("segment",),
    "promise": ("inbox", "segment"),
    # Whoever gave up had no agent and no team: by these only the better half would be told.
    "wait": ("channel", "inbox", "segment", "queue"),
    "presence": ("segment",),
}
_FIRST = date(2026, 11, 23)


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """`counted` of `among`, by `clock`; what is younger than `maturity` is left out until it can be told.

    `coverage` says what the share beside it is of. `better` is the side that is wished for. The version goes up when
    figures may change by it, and `changed` says what changed then.
    """

    name: str
    title: str
    area: Area
    about: About
    kind: Kind | Literal["rate"]
    unit: Unit
    counted: str
    among: str
    clock: str
    formula: str
    coverage: str
    source: str
    reads: tuple[str, ...]
    better: Literal["high", "low", ""] = "high"
    maturity: timedelta | None = None
    # Of a rate: what there is one for.
    of: str = ""
    version: int = 1
    changed_on: date = _FIRST
    changed: str = n_("Defined for the first time.")

    @property
    def cases(self) -> str:
        """Whose cases stand behind it; of a rate those that are counted."""
        return "contacts" if self.kind == "rate" else self.name

    @property
    def business(self) -> bool:
        """Whether only open hours count."""
        return self.name.endswith("_business")

    @property
    def narrowed(self) -> tuple[str, ...]:
        return ("segment",) if self.kind == "rate" else NARROWED[self.about]


class Waiting(msgspec.Struct, frozen=True):
    """What cannot be measured yet, and what it waits for."""

    name: str
    title: str
    area: Area
    waits_for: str
