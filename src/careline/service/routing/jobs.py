"""Timers of the room, one call each."""

from careline.kit.jobs import job
from careline.service.routing import actions


@job(every="* * * * *", lock="routing.sweep")
def sweep() -> None:
    actions.sweep()
