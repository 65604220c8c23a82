"""Timers of the room, one call each."""

from careline.kit.jobs import job
from careline.service.assist.alike import actions


@job(every="*/2 * * * *", lock="assist.alike")
def sketch_new() -> None:
    actions.sketch_new()
