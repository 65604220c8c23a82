"""All figures of a board as one table: the period, and each span of the trend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from careline.insights.metrics.board import Board
from careline.insights.metrics.queries import Point
from careline.kit.tables import Column, Table

COLUMNS = [
    Column("metric"), Column("version", "integer"), Column("unit"), Column("row"), Column("from", "moment"),
    Column("to", "moment"), Column("value", "number"), Column("low", "number"), Column("high", "number"),
    Column("n", "integer"), Column("left_out", "integer"), Column("coverage", "number"), Column("mature", "yes"),
]  # fmt: skip


def table(found: Board) -> Table:
    return Table(COLUMNS, _rows(found))


def _rows(found: Board) -> Iterator[list[Any]]:
    for tile in found.tiles:
        if tile.now is not None:
            named = [tile.definition.name, tile.definition.version, tile.definition.unit]
            yield [*named, "period", *_told(tile.now)]
            for point in tile.trend:
                yield [*named, "trend", *_told(point)]


def _told(point: Point) -> list[Any]:
    figure = point.figure
    return [
        point.begins, point.ends, figure.value, figure.low, figure.high, figure.n, figure.whole - figure.n,
        point.coverage, point.mature,
    ]  # fmt: skip
