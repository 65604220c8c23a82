"""Slow work on mail of earlier years, one call each."""

from careline.kit import jobs
from careline.kit.jobs import job
from careline.service.conversations.history import waiting


@job(lock="conversations.history")
def bring_history() -> None:
    waiting.run_waiting(jobs.leaving)


@job(every="*/2 * * * *", lock="conversations.history")
def take_up_history() -> None:
    """Whatever nobody is at, for its worker was killed or the database was away."""
    waiting.run_waiting(jobs.leaving)


@job(every="40 * * * *")
def forget_history() -> None:
    waiting.forget()
