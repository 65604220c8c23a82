"""Slow work of the room: segments look at everybody once a night, since time alone changes who belongs, and every few
minutes at those whose wait has become a long one."""

from careline.insights.segments import keeping
from careline.kit.jobs import job


@job(every="10 2 * * *")
def pass_over_segments() -> None:
    keeping.everybody()


@job(every="*/5 * * * *", lock="insights.waited")
def look_at_waits() -> None:
    keeping.waited()
