"""The nights of the room: what grew old goes, and what went goes from the disk."""

from careline.kit.jobs import job
from careline.privacy import nights


@job(every="15 1 * * *", retries=3)
def age() -> None:
    nights.age()


@job(every="*/10 * * * *", lock="privacy.cleanse")
def cleanse() -> None:
    """Looks whether something is due: asked for, or waiting for the night."""
    nights.cleanse_when_due()


@job(lock="privacy.cleanse")
def cleanse_now() -> None:
    nights.cleanse_when_due()
