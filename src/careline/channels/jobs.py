"""Slow work of the room: statuses that waited in vain and old visits are cleared away at night."""

from careline.channels import inbound, visits
from careline.kit.jobs import job


@job(every="20 3 * * *")
def purge_inbound() -> None:
    inbound.purge()


@job(every="25 3 * * *")
def purge_visits() -> None:
    visits.purge()
