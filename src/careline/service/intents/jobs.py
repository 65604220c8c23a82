"""Timers of the room, one call each."""

from careline.kit.jobs import job
from careline.service.intents import learning


@job(every="* * * * *", lock="intents.learning")
def learn() -> None:
    learning.fit_due()
