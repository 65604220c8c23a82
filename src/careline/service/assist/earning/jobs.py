"""Timers, one call each."""

from careline.kit.jobs import job
from careline.service.assist.earning import naming


@job(every="* * * * *", lock="assist.uses")
def name_uses() -> None:
    naming.name_uses()
