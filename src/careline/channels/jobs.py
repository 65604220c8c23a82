"""Slow work of the room: what came in long ago and was understood is cleared away at night."""

from careline.channels import inbound
from careline.kit.jobs import job


@job(every="20 3 * * *")
def purge_inbound() -> None:
    inbound.purge()
