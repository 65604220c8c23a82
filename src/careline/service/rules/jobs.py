"""The timer of the room, one call."""

from careline.kit.jobs import job
from careline.service.rules import timing


@job(every="* * * * *", lock="rules.timing")
def run_due() -> None:
    timing.run_due()
