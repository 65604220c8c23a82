"""The questions in DuckDB's SQL, a module each where there is much to say."""

from __future__ import annotations

from careline.insights.warehouse.dialects.duckdb import flows, funnels, lines, loops, parts, returns, waits

__all__ = ["flows", "funnels", "lines", "loops", "parts", "returns", "waits"]
