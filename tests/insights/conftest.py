"""A folder of its own for the copy of each test, and an engine with a log in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.insights.warehouse import engine
from careline.insights.warehouse.engine import Connection

if TYPE_CHECKING:
    from careline.insights.warehouse.copy.keeping import Keeper


@pytest.fixture(autouse=True)
def columnar(tmp_path: Path, settings) -> Path:
    settings.DATA = tmp_path
    settings.DUCKDB_MEMORY = "256MB"
    return tmp_path / "columnar"


@pytest.fixture
def conn() -> Iterator[Connection]:
    with engine.opened() as conn:
        yield conn


@pytest.fixture
def fresh_conn() -> Callable[[], object]:
    """For tests that need one after another."""
    return engine.opened


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    from careline.insights.warehouse.copy import keeping

    with keeping.keeping() as keeper:
        assert keeper is not None
        yield keeper


@pytest.fixture
def heard(db):
    """What was written since it was asked last is told to the subscriber, in pieces."""
    from careline.insights.reactions import keep_computed, keep_segments
    from careline.insights.segments import meaning
    from careline.touchpoints import Moment
    from careline.touchpoints.models import Touchpoint

    seen = set()

    def heard() -> None:
        new = set(Touchpoint.objects.values_list("id", flat=True)) - seen
        rows = list(Touchpoint.objects.filter(id__in=new).order_by("id"))
        moments = [
            Moment(**{name: getattr(one, name) for name in Moment.__struct_fields__})
            for one in rows
            if one.kind in meaning.HEARD
        ]
        seen.update(new)
        for start in range(0, len(moments), 3):
            keep_computed(moments[start : start + 3])
            keep_segments(moments[start : start + 3])

    return heard


@pytest.fixture
def order():
    def order(person: int, minor: int = 1000, at=None, currency="EUR", **facts) -> None:
        touchpoints.record(
            "order.placed", person=person, actor=SYSTEM, source="test", occurred_at=at, order="A-1",
            total_minor=minor, currency=currency, **facts,
        )  # fmt: skip

    return order
