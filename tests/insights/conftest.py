"""A folder of its own for the copy of each test, and an engine with a log in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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
