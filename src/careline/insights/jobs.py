"""Slow work of the room: once a night everybody is looked at."""

from careline.insights import nightly
from careline.kit.jobs import job


@job(every="10 2 * * *")
def pass_over_segments() -> None:
    nightly.look_at_everybody()
