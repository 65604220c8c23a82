"""The fixed cast: one customer, her conversation, and the people of the house around it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    pass

PASSWORD = "correct horse battery staple"


@pytest.fixture
def nine() -> datetime:
    """Nine in the morning of an ordinary working day."""
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
