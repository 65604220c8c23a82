"""The measured promises: each beside a stated limit or rival in the same run, CPU a request first, clocks second."""

from __future__ import annotations

from careline.bench.running import NAMES, run

__all__ = ["NAMES", "run"]
