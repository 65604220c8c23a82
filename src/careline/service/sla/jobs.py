"""Timers of the room, one call each."""

from careline.kit.jobs import job
from careline.service.sla import actions


@job(every="* * * * *", lock="sla.pass")
def pass_due() -> None:
    actions.pass_due()
