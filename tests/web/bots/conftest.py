"""A house with a flow from a beginning, and a browser of whoever writes it."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def desk(browser_of: Any, cy: Any) -> Any:
    return browser_of(cy)


@pytest.fixture
def bot(cy: Any) -> Any:
    from careline.service.bots import beginnings

    return beginnings.begin("order_status", actor=cy)
