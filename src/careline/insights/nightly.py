"""Everybody looked at once a night, since time alone changes figures and who belongs."""

from __future__ import annotations

from careline.insights.computed import keeping as computed
from careline.insights.segments import keeping as segments


def look_at_everybody() -> None:
    """What is worked out comes first: segments ask for it."""
    computed.everybody()
    segments.everybody()
