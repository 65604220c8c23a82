"""When it is quiet where somebody lives: by the clock on their wall, over midnight, days and changes of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.contact import quiet

MINUTE = timedelta(minutes=1)


def ends(at: str, zone: str = "UTC", hours: str = "21:00-08:00", days: tuple[int, ...] = ()) -> str | None:
    begin, _dash, end = hours.partition("-")
    found = quiet.ends(
        datetime.fromisoformat(at), ZoneInfo(zone), days=days,
        begin=time.fromisoformat(begin) if begin else None, end=time.fromisoformat(end) if end else None,
    )  # fmt: skip
    return found and found.strftime("%Y-%m-%dT%H:%MZ")


@pytest.mark.parametrize(
    ("at", "zone", "hours", "days", "until"),
    [
        ("2026-03-02T20:59Z", "UTC", "21:00-08:00", (), None),
        ("2026-03-02T21:00Z", "UTC", "21:00-08:00", (), "2026-03-03T08:00Z"),
        ("2026-03-02T07:59Z", "UTC", "21:00-08:00", (), "2026-03-02T08:00Z"),
        ("2026-03-02T08:00Z", "UTC", "21:00-08:00", (), None),
        ("2026-03-02T13:30Z", "UTC", "13:00-15:00", (), "2026-03-02T15:00Z"),
        # Nine in London is four in the afternoon in Jakarta and one in the morning in Los Angeles.
        ("2026-03-02T09:00Z", "Asia/Jakarta", "21:00-08:00", (), None),
        ("2026-03-02T09:00Z", "America/Los_Angeles", "21:00-08:00", (), "2026-03-02T16:00Z"),
        # Saturday and Sunday, then the rest of the night to Monday.
        ("2026-03-06T22:00Z", "UTC", "21:00-08:00", (6, 7), "2026-03-09T08:00Z"),
        ("2026-03-07T12:00Z", "UTC", "-", (6, 7), "2026-03-09T00:00Z"),
        ("2026-03-06T12:00Z", "UTC", "-", (6, 7), None),
        # Clocks go forward at two on the 29th, and back at three on the 25th of October.
        ("2026-03-28T22:00Z", "Europe/Berlin", "21:00-08:00", (), "2026-03-29T06:00Z"),
        ("2026-10-24T22:00Z", "Europe/Berlin", "21:00-08:00", (), "2026-10-25T07:00Z"),
        # What ends in the hour that is left out is over an hour later by the wall; of one that comes twice it is ours.
        ("2026-03-29T00:30Z", "Europe/Berlin", "21:00-02:30", (), "2026-03-29T01:30Z"),
        ("2026-10-25T01:10Z", "Europe/Berlin", "21:00-02:30", (), "2026-10-25T01:30Z"),
    ],
)
def test_quiet_ends_by_the_clock_on_their_wall(at, zone, hours, days, until):
    assert ends(at, zone, hours, days) == until


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
    zone=st.sampled_from(["UTC", "Asia/Jakarta", "Asia/Kathmandu", "America/Bogota", "Pacific/Kiritimati"]),
    begin=st.times(), end=st.times(), days=st.sets(st.integers(1, 7), max_size=6),
)  # fmt: skip
def test_it_is_the_first_moment_that_is_not_quiet(at, zone, begin, end, days):
    """Beside a walk through the minutes, in zones whose clocks never change."""
    at, begin, end = (one.replace(second=0, microsecond=0) for one in (at, begin, end))
    if begin == end:
        return

    def is_quiet(moment: datetime) -> bool:
        local = moment.astimezone(ZoneInfo(zone))
        now = local.time()
        night = begin <= now < end if begin < end else not end <= now < begin
        return night or local.isoweekday() in days

    walked = at
    while is_quiet(walked):
        walked += MINUTE
    found = quiet.ends(at, ZoneInfo(zone), begin=begin, end=end, days=days)
    assert found == (None if walked == at else walked)


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
    zone=st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Tehran"]),
    begin=st.times(), end=st.times(), days=st.sets(st.integers(1, 7), max_size=6),
)  # fmt: skip
def test_whatever_clocks_do_it_ends_later_and_in_no_quiet(at, zone, begin, end, days):
    if begin == end:
        return
    found = quiet.ends(at, ZoneInfo(zone), begin=begin, end=end, days=days)
    if found is not None:
        assert at < found < at + timedelta(days=9)
        assert quiet.ends(found, ZoneInfo(zone), begin=begin, end=end, days=days) is None
