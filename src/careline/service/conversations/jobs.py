"""Timers of the room, one call each."""

from careline.kit.jobs import job
from careline.service.conversations import actions, tally
from careline.service.conversations.history import jobs as history

# Named here, they are found with the room's own.
__all__ = ["add_up", "history", "wake_snoozed"]


@job(every="* * * * *", lock="conversations.wake")
def wake_snoozed() -> None:
    actions.wake_due()


@job(every="*/2 * * * *", lock="conversations.tally")
def add_up() -> None:
    tally.add_up()
