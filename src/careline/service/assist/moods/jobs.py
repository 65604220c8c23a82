"""Timers of the room, one call each."""

from careline.kit.jobs import job
from careline.service.assist.moods import actions


@job(every="40 3 * * *", lock="assist.moods")
def calibrate() -> None:
    actions.calibrate()
