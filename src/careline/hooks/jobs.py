"""Telling, one call each."""

from careline.hooks import delivery
from careline.kit.jobs import job


@job(lock="hooks.deliver")
def deliver() -> None:
    delivery.deliver_due()


@job(every="* * * * *", lock="hooks.deliver")
def deliver_again() -> None:
    delivery.deliver_due()


@job(every="50 3 * * *", lock="hooks.clear")
def clear() -> None:
    delivery.clear()
