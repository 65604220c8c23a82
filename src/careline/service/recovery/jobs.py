"""Timers of the room, one call each."""

from careline.kit.jobs import job
from careline.service.recovery import actions


@job(every="* * * * *", lock="recovery.escalate")
def escalate() -> None:
    actions.escalate_due()


@job(every="40 3 * * *", lock="recovery.measure")
def measure() -> None:
    actions.measure_due()
