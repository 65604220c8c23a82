"""What takes long, and the timer of the room; one call each."""

from careline.kit.jobs import job
from careline.service.bots import running


@job(retries=2)
def ask(run_id: int, asked: int) -> None:
    running.answer(run_id, asked)


@job(every="* * * * *", lock="bots.wake")
def wake() -> None:
    running.wake_due()
