"""Timers of the room, one call each."""

from careline.kit.jobs import job
from careline.service.knowledge.actions import publishing


@job(every="*/5 * * * *", lock="knowledge.vectors")
def give_vectors() -> None:
    publishing.give_vectors()
