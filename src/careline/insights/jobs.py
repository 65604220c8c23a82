"""Slow work of the room: once a night everybody is looked at, every few minutes those whose wait became long."""

from careline.insights import nightly
from careline.insights.segments import keeping
from careline.kit.jobs import job


@job(every="10 2 * * *")
def pass_over_segments() -> None:
    nightly.look_at_everybody()


@job(every="*/5 * * * *", lock="insights.waited")
def look_at_waits() -> None:
    keeping.waited()
