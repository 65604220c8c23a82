"""Slow work of the room: once a night everybody is looked at, since time alone changes figures and who belongs."""

from careline.insights.computed import keeping as computed
from careline.insights.segments import keeping as segments
from careline.kit.jobs import job


@job(every="10 2 * * *")
def pass_over_segments() -> None:
    """What is worked out comes first: segments ask for it."""
    computed.everybody()
    segments.everybody()
