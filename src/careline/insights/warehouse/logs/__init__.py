"""Event logs that come as files: read, laid out like the line, and asked the same questions."""

from __future__ import annotations

from careline.insights.warehouse.logs.opening import Log, NotALog, opened

__all__ = ["Log", "NotALog", "opened"]
