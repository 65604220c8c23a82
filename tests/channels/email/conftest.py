"""How much work something is, without a clock; the shared corpora."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest


@pytest.fixture
def steps() -> Callable[[Callable[[], object]], int]:
    """Lines of Python that ran: the same on every machine."""

    def counted(work: Callable[[], object]) -> int:
        count = 0

        def trace(frame: FrameType, event: str, given: Any) -> Any:
            nonlocal count
            count += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            work()
        finally:
            sys.settrace(before)
        return count

    return counted


@pytest.fixture
def corpora() -> Path:
    folder = os.environ.get("CARELINE_TEST_DATA")
    if not folder:
        pytest.skip("CARELINE_TEST_DATA names no folder with mails")
    return Path(folder)
