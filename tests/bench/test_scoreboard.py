"""The scoreboard that is measured: made-up touchpoints of every kind that counts, and a figure on every tile."""

from __future__ import annotations

from careline.accounts.actor import SYSTEM
from careline.bench.scoreboard import SHOWN, UNTIL, WEEK
from careline.insights.metrics import board, choosing
from careline.insights.metrics.queries import Room
from careline.insights.warehouse import engine, scored
from careline.insights.warehouse.copy import measures
from careline.insights.warehouse.sight import Sight


def test_every_tile_has_a_figure(tmp_path):
    scored.lay_out(tmp_path, 4_000)
    wanted = choosing.Chosen(UNTIL - 50 * WEEK, UNTIL - 20 * WEEK, "UTC")
    with engine.opened(memory=scored.MEMORY, room=tmp_path) as conn:
        scored.shown(conn, tmp_path)
        there = {kind for (kind,) in conn.execute("SELECT DISTINCT kind FROM told").fetchall()}
        found = board.counted(Room(SYSTEM, conn, Sight(), UNTIL, UNTIL), SHOWN, wanted, {})
    # Nobody answers without a name there, and nothing is put away.
    assert set(measures.MEASURED) - there == {measures.ANONYMOUS, "conversation.marked"}
    assert [one.definition.name for one in found if one.now is None or one.now.figure.value is None] == []
