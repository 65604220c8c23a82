"""Slow work of the room: statuses that waited in vain are cleared away at night, alarms are mailed."""

from careline.channels import alarms, inbound
from careline.kit.jobs import job


@job(every="20 3 * * *")
def purge_inbound() -> None:
    inbound.purge()


@job()
def tell_of_breaker(inbox_id: int) -> None:
    alarms.tell_of_breaker(inbox_id)
