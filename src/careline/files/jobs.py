"""Slow work of the room: bytes without a row are cleared away at night."""

from careline.files import actions
from careline.kit.jobs import job


@job(every="40 2 * * *")
def purge_orphans() -> None:
    actions.purge_orphans()
