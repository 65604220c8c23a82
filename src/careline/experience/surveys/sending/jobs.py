"""Timers of the room, one call each."""

from careline.experience.surveys.sending import due, waves
from careline.kit.jobs import job


@job(every="* * * * *", lock="surveys.send")
def send() -> None:
    due.send_due()


@job(retries=0)
def send_now() -> None:
    """What is due at once does not wait for the clock; what is missed here is not missed there."""
    due.send_due()


@job(every="* * * * *", lock="surveys.remind")
def remind() -> None:
    due.remind_due()


@job(every="* * * * *", lock="surveys.waves")
def write_waves() -> None:
    waves.write_due()
