"""Answers about ease beside what their talks had cost by then."""

from __future__ import annotations

from careline.insights.warehouse.dialects.duckdb import easing as sql
from careline.insights.warehouse.engine import Connection
from careline.insights.warehouse.sight import Sight

Row = tuple[tuple[int, ...], int, int, int]


def answers(conn: Connection, look: Sight, folds: int) -> list[Row]:
    """(parts, score, fold, how many): the last answer of each talk; all of a customer's are of one fold."""
    given = {"folds": folds} | ({"inboxes": list(look.inboxes)} if look.inboxes is not None else {})
    rows = conn.execute(sql.EASED.format(seen=look.seen()), given).fetchall()
    return [(tuple(row[:4]), *row[4:]) for row in rows]
