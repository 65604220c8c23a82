"""All figures of a board as one sheet: the period, the one before, and each span of the trend."""

from __future__ import annotations

from careline.accounts.actor import Actor
from careline.customers.sheets import cells
from careline.insights.metrics import board as boards
from careline.insights.metrics.figures import Figure
from careline.web.scoreboard.asking import Asked

HEADS = (
    "metric", "version", "unit", "row", "from", "to", "value", "low", "high", "n", "left_out", "coverage", "mature",
)  # fmt: skip


def written(actor: Actor, asked: Asked) -> str:
    found = boards.board(actor, asked.wanted, asked.view)
    lines = [cells.line(list(HEADS))]
    for tile in found.tiles:
        if tile.now is None:
            continue
        named = [tile.definition.name, str(tile.definition.version), tile.definition.unit]
        for row, point in (("period", tile.now), *(("trend", one) for one in tile.trend)):
            times = [point.begins.isoformat(), point.ends.isoformat()]
            share = "" if point.coverage is None else repr(point.coverage)
            lines.append(
                cells.line([*named, row, *times, *_figure(point.figure), share, "yes" if point.mature else "no"])
            )
    return "".join(lines)


def _figure(figure: Figure) -> list[str]:
    told = ["" if one is None else repr(one) for one in (figure.value, figure.low, figure.high)]
    return [*told, str(figure.n), str(figure.whole - figure.n)]
