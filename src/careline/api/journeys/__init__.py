"""Questions about journeys, asked of the columnar copy; what they count is what the token's agent sees."""

from __future__ import annotations

from careline.api.journeys import lines, steps
from careline.api.journeys.asking import router

__all__ = ["lines", "router", "steps"]
