"""Slow work of the room: once a night everybody is looked at and topics are looked for, every few minutes those whose
wait became long; each minute the board is kept, and whoever wants to know is told of a limit that is passed."""

from careline.insights import nightly
from careline.insights.live import minutes, telling
from careline.insights.segments import keeping
from careline.insights.topics import finding
from careline.kit.jobs import job


@job(every="10 2 * * *")
def pass_over_segments() -> None:
    nightly.look_at_everybody()


@job(every="*/5 * * * *", lock="insights.waited")
def look_at_waits() -> None:
    keeping.waited()


@job(every="* * * * *", lock="insights.minute")
def keep_the_minute() -> None:
    minutes.keep()


@job(every="* * * * *", lock="insights.limits")
def look_at_limits() -> None:
    telling.tell()


@job(every="20 3 * * *", lock="insights.topics")
def find_topics() -> None:
    finding.by_the_clock()
