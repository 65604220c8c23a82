"""Slow work of the room: files on their way to the line, and those that lie about."""

from careline.kit import jobs
from careline.kit.jobs import job
from careline.tracking.importing import waiting


@job(lock="tracking.imports")
def run_imports() -> None:
    waiting.run_waiting(jobs.leaving.is_set)


@job(every="*/2 * * * *", lock="tracking.imports")
def take_up_imports() -> None:
    """Whatever nobody is at, for its worker was killed or the database was away."""
    waiting.run_waiting(jobs.leaving.is_set)


@job(every="35 * * * *")
def forget_imports() -> None:
    waiting.forget()
