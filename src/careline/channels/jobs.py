"""Slow work of the room: inboxes are tried, what grew old is cleared away at night, alarms are mailed."""

from careline.channels import alarms, illegible, inbound, trials, visits
from careline.kit.jobs import job


@job(every="20 3 * * *")
def purge_inbound() -> None:
    inbound.purge()


@job()
def tell_of_breaker(inbox_id: int) -> None:
    alarms.tell_of_breaker(inbox_id)


@job(every="*/10 * * * *")
def tell_of_illegible() -> None:
    alarms.tell_of_illegible()


@job(every="25 3 * * *")
def purge_visits() -> None:
    visits.purge()


@job(every="27 3 * * *")
def purge_illegible() -> None:
    illegible.purge()


@job(retries=1)
def run_trial(inbox_id: int, key: str) -> None:
    trials.run(inbox_id, key)
