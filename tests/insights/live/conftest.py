"""A house with a queue, and people who write: as in routing."""

from __future__ import annotations

from tests.service.routing.conftest import colleague, queue, ready, write

__all__ = ["colleague", "queue", "ready", "write"]
