"""Slow work of the room: inboxes are tried; statuses that waited in vain and old visits are cleared away at night."""

from careline.channels import inbound, trials, visits
from careline.kit.jobs import job


@job(every="20 3 * * *")
def purge_inbound() -> None:
    inbound.purge()


@job(every="25 3 * * *")
def purge_visits() -> None:
    visits.purge()


@job(retries=1)
def run_trial(inbox_id: int, key: str) -> None:
    trials.run(inbox_id, key)
