"""Slow work of the room: once a night every segment looks at everybody, since time alone changes who belongs."""

from careline.insights.segments import keeping
from careline.kit.jobs import job


@job(every="10 2 * * *")
def pass_over_segments() -> None:
    keeping.everybody()
