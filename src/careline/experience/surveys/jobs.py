"""Timers of the room, one call each."""

from careline.experience.surveys import actions
from careline.experience.surveys.sending import jobs as sending
from careline.kit.jobs import job

# Named here, they are found with the room's own.
__all__ = ["sending", "settle"]


@job(every="* * * * *", lock="surveys.settle")
def settle() -> None:
    actions.settle_due()
