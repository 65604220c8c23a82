"""Slow work of the room: statuses that waited in vain are cleared away at night."""

from careline.channels import inbound
from careline.kit.jobs import job


@job(every="20 3 * * *")
def purge_inbound() -> None:
    inbound.purge()
