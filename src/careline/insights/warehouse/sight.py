"""Which moments a question looks at: everything, or the part that a viewer sees and a filter leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from careline.insights.warehouse.dialects.duckdb import lines as sql


class Sight(msgspec.Struct, frozen=True):
    """None means all of them. Moments of an inbox need that inbox, those of none need `beside`."""

    inboxes: tuple[int, ...] | None = None
    beside: bool = True
    since: datetime | None = None
    before: datetime | None = None
    kinds: tuple[str, ...] | None = None
    # What a case is: a customer, or a journey of this noun, such as order; moments of no such journey are left out.
    case: str | None = None
    # The copy is one sorted table, without a recent part beside it.
    as_it_lies: bool = False

    def narrowed(self, inboxes_there: Sequence[int]) -> Sight:
        """Who sees every inbox there is looks at everything."""
        if self.inboxes is None or not self.beside or not set(inboxes_there) <= set(self.inboxes):
            return self
        return msgspec.structs.replace(self, inboxes=None)

    @property
    def is_whole(self) -> bool:
        return self == Sight(as_it_lies=self.as_it_lies)

    def rows(self) -> str:
        return self._of(sql.SEEN)

    def walk(self) -> str:
        return sql.STORED if self.is_whole else self._of(sql.WORKED_OUT)

    def moments(self) -> str:
        return sql.MOMENTS.format(seen=self.seen())

    def edges(self) -> str:
        if self.is_whole:
            return sql.STORED_EDGES
        return self._of(sql.EDGES_AS_THEY_LIE if self.as_it_lies and self.case is None else sql.EDGES)

    def given(self) -> dict[str, Any]:
        """The parameters its SQL names."""
        given: dict[str, Any] = {}
        if self.inboxes is not None:
            given["inboxes"] = list(self.inboxes)
        for name in ("since", "before"):
            at: datetime | None = getattr(self, name)
            if at is not None:
                given[name] = plain(at)
        if self.kinds is not None:
            given["kinds"] = list(self.kinds)
        if self.case is not None:
            given["noun"] = f"{self.case}:"
        return given

    def _of(self, text: str) -> str:
        return text.format(case=sql.CUSTOMER if self.case is None else sql.JOURNEY, seen=self.seen())

    def seen(self) -> str:
        """Which moments, as a condition over a table that knows their inbox."""
        beside = "inbox IS NULL" if self.beside else "false"
        rules = []
        if self.inboxes is not None:
            rules.append(f"({beside} OR inbox IN (SELECT unnest($inboxes::BIGINT[])))")
        elif not self.beside:
            rules.append("inbox IS NOT NULL")
        if self.since is not None:
            rules.append("occurred_at >= $since::TIMESTAMP")
        if self.before is not None:
            rules.append("occurred_at < $before::TIMESTAMP")
        if self.kinds is not None:
            rules.append("kind::VARCHAR IN (SELECT unnest($kinds::VARCHAR[]))")
        if self.case is not None:
            rules.append("starts_with(journey, $noun)")
        return " AND ".join(rules) or "true"


def plain(at: datetime) -> datetime:
    """UTC without saying so, as the copy keeps it."""
    return at.astimezone(UTC).replace(tzinfo=None)


WHOLE = Sight()
