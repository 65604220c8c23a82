"""Slow work and timers of the room, one call each."""

from careline.accounts import attempts, idempotency, letters, seals, sessions, steps
from careline.kit.jobs import job


@job()
def send_reset(agent_id: int) -> None:
    letters.send_reset(agent_id)


@job(every="7 * * * *")
def purge_answers() -> None:
    idempotency.purge()


@job(every="17 * * * *")
def purge_sessions() -> None:
    sessions.purge()


@job(every="27 * * * *")
def purge_attempts() -> None:
    attempts.purge()


@job(every="37 * * * *")
def purge_steps() -> None:
    steps.purge()


@job(every="47 * * * *", lock="accounts.seal")
def seal_audit() -> None:
    seals.seal()
