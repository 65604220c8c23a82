"""Holidays of a published calendar: whole days, repeated and moved ones; whatever the file, an answer or a sentence."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from careline.accounts import holidays
from careline.kit.refusals import Refused

TODAY = date(2026, 5, 1)
CASES = Path(os.environ.get("CARELINE_TEST_DATA", "/nowhere")) / "ics-collective"


def calendar(*events: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split("\n"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def days(*events: str) -> list[str]:
    return [one.isoformat() for one in holidays.read(calendar(*events), today=TODAY)]


def test_whole_days_are_holidays_and_hours_are_not():
    assert days("UID:1\nDTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227", "UID:2\nDTSTART:20260601T090000Z") == [
        "2026-12-25", "2026-12-26",
    ]  # fmt: skip
    assert days("UID:1\nDTSTART;VALUE=DATE:20261225\nDURATION:P3D") == ["2026-12-25", "2026-12-26", "2026-12-27"]
    assert days("UID:1\nDTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED", "UID:2\nDTSTART;VALUE=DATE:19990101") == []


def test_what_comes_every_year_comes_for_the_years_in_sight_without_those_left_out_or_moved():
    yearly = "UID:1\nDTSTART;VALUE=DATE:20100501\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20270501"
    moved = "UID:1\nRECURRENCE-ID;VALUE=DATE:20280501\nDTSTART;VALUE=DATE:20280502"
    assert days(yearly, moved) == ["2025-05-01", "2026-05-01", "2028-05-02", "2029-05-01"]
    last = "UID:2\nDTSTART;VALUE=DATE:20250101\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20250401T000000Z"
    assert days(last) == ["2025-01-31", "2025-02-28", "2025-03-28"]


def test_what_never_ends_is_refused_or_passed_over():
    with pytest.raises(Refused, match="At most"):
        days("UID:1\nDTSTART;VALUE=DATE:19000101\nRRULE:FREQ=DAILY")
    assert days("UID:1\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=SECONDLY") == []
    for broken in (b"", b"\xff\xfe", b"BEGIN:VCALENDAR", b"<html>", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n"):
        with pytest.raises(Refused):
            holidays.read(broken, today=TODAY)
    with pytest.raises(Refused):
        holidays.read(b" " * (holidays.LARGEST + 1), today=TODAY)


@pytest.mark.skipif(not CASES.is_dir(), reason="the collection of calendars lies elsewhere")
def test_every_calendar_of_the_collection_is_read_or_refused_in_words():
    read = refused = 0
    for file in sorted(CASES.rglob("*.ics")):
        try:
            holidays.read(file.read_bytes(), today=TODAY)
            read += 1
        except Refused as refusal:
            assert str(refusal)
            refused += 1
    assert (read + refused, read > refused) == (154, True)
