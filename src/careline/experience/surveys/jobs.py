"""Timers of the room, one call each."""

from careline.experience.surveys import actions
from careline.kit.jobs import job


@job(every="* * * * *", lock="surveys.settle")
def settle() -> None:
    actions.settle_due()
