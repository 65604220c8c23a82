"""Timers of the room, one call each."""

from careline.kit.jobs import job
from careline.service.notices import actions


@job(every="* * * * *", lock="notices.tell")
def tell() -> None:
    actions.tell()
