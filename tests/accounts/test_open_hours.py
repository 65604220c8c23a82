"""The business clock: which instants are open, and what it counts; held against every minute asked one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from careline.accounts import actions, open_hours
from careline.accounts.models import Organization, PastHours
from careline.accounts.open_hours import WALL, Clock
from careline.accounts.queries import Hours
from careline.kit.refusals import Refused

WEEK = ("mon", "tue", "wed", "thu", "fri")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Berlin jumps at two in the morning, Beirut at midnight; Apia left out a whole day; Kathmandu stands a quarter off.
ZONES = ("UTC", "Europe/Berlin", "Asia/Beirut", "Pacific/Apia", "Asia/Kathmandu", "America/St_Johns")
# The days around which clocks in them change.
BEGINS = (
    datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC), datetime(2011, 12, 29, tzinfo=UTC),
    datetime(2026, 6, 1, tzinfo=UTC),
)  # fmt: skip


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In March 2026, which begins on a Sunday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def kept(days: dict[str, list[list[str]]], *holidays: str, zone: str = "") -> dict:
    return {"days": days, "holidays": list(holidays)} | ({"zone": zone} if zone else {})


def clock(calendar: dict | None = None, zone: str = "UTC", **calendars: dict) -> Clock:
    return Clock((Hours(None, zone, calendars or {"House": calendar}),))


OFFICE = kept({day: [["09:00", "18:00"]] for day in WEEK})


@st.composite
def calendars(draw) -> dict:
    times = st.integers(0, 96).map(lambda n: f"{n // 4:02}:{n % 4 * 15:02}")
    days = {}
    for day in (*WEEK, "sat", "sun"):
        cuts = sorted(draw(st.lists(times, max_size=4, unique=True)))
        days[day] = [list(pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)]
    holidays = draw(st.lists(st.sampled_from(["2026-03-29", "2026-10-25", "2011-12-31", "2026-06-03"]), max_size=2))
    return kept(days, *holidays)


def is_open(calendar: dict, zone: ZoneInfo, minute: datetime) -> bool:
    shown = minute.astimezone(zone)
    if shown.date().isoformat() in calendar["holidays"]:
        return False
    wall = f"{shown:%H:%M}"
    return any(begins <= wall < ends for begins, ends in calendar["days"][f"{shown:%a}".lower()])


@given(calendars(), st.sampled_from(ZONES), st.sampled_from(BEGINS), st.integers(0, 3 * 24 * 4))
def test_every_minute_is_open_as_the_clock_on_the_wall_says(calendar, zone_name, begin, quarters):
    zone, end = ZoneInfo(zone_name), begin + 15 * quarters * MINUTE
    pieces = list(clock(calendar, zone_name).pieces(begin, end))
    assert all(one[0] < one[1] < other[0] for one, other in pairwise([*pieces, (end + MINUTE, end + MINUTE)]))
    minute = begin
    while minute < end:
        shown = minute.astimezone(zone)
        # Of an hour that is shown twice the first counts: an interval keeps its length.
        if shown.replace(fold=0).utcoffset() == shown.replace(fold=1).utcoffset():
            said = any(opens <= minute < closes for opens, closes in pieces)
            assert said == is_open(calendar, zone, minute), minute
        minute += 15 * MINUTE


spans = st.integers(0, 20 * 24 * 60).map(lambda n: n * MINUTE)


@given(calendars(), st.sampled_from(ZONES), st.sampled_from(BEGINS), spans, spans, spans)
def test_open_time_adds_up_never_runs_back_and_is_found_again(calendar, zone, begin, first, second, span):
    assume(any(calendar["days"].values()))
    counting, middle = clock(calendar, zone), begin + first
    end = middle + second
    assert counting.between(begin, middle) + counting.between(middle, end) == counting.between(begin, end)
    assert timedelta() <= counting.between(begin, end) <= end - begin
    due = counting.after(begin, span)
    assert due >= begin + span
    assert counting.between(begin, due) == span
    assert counting.after(begin, span + MINUTE) > due
    assert counting.after(begin + second, span) >= due


def test_a_weekend_counts_nothing_and_a_reply_on_it_stops_nothing():
    """Friday ten to six to Monday twenty past nine: half an hour of 63.5; to Sunday ten minutes."""
    counting = clock(OFFICE)
    assert counting.between(at(6, 17, 50), at(9, 9, 20)) == 30 * MINUTE
    assert WALL.between(at(6, 17, 50), at(9, 9, 20)) == 63 * HOUR + 30 * MINUTE
    assert counting.between(at(6, 17, 50), at(8, 12)) == 10 * MINUTE
    assert counting.after(at(6, 17, 50), 30 * MINUTE) == at(9, 9, 20)


def test_a_lunch_break_a_holiday_and_days_without_hours():
    lunch = kept({"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "wed": []}, "2026-03-09")
    counting = clock(lunch)
    assert counting.after(at(2, 11), 2 * HOUR) == at(2, 14)
    # The Monday after is a holiday, and no other day is open.
    assert counting.after(at(2, 16), 2 * HOUR) == at(16, 10)
    assert not counting.is_open(at(2, 12, 30))
    assert counting.is_open(at(2, 13))
    assert counting.opens_after(at(2, 12, 30)) == at(2, 13)
    assert clock(kept({})).opens_after(at(2, 12)) is None


def test_where_clocks_jump_an_hour_that_is_not_there_is_not_counted():
    night = clock(
        kept({day: [["01:00", "02:30"], ["02:45", "04:00"]] for day in (*WEEK, "sat", "sun")}), "Europe/Berlin"
    )
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # two o'clock becomes three
    assert list(night.pieces(jump - 3 * HOUR, jump + 3 * HOUR)) == [(jump - HOUR, jump + HOUR)]
    assert night.between(jump - 26 * HOUR, jump - 20 * HOUR) == 2 * HOUR + 45 * MINUTE


def test_each_instant_goes_by_the_calendar_that_was_in_force():
    shorter = kept({day: [["09:00", "12:00"]] for day in WEEK})
    changed = Clock((Hours(None, "UTC", {"House": OFFICE}), Hours(at(3, 10), "UTC", {"House": shorter})))
    assert changed.between(at(2, 0), at(5, 0)) == (9 + 3 + 3) * HOUR
    assert changed.after(at(3, 9), 4 * HOUR) == at(4, 10)


def test_a_place_keeps_its_own_calendar_in_its_own_zone():
    jakarta = kept({day: [["09:00", "17:00"]] for day in WEEK}, zone="Asia/Jakarta")
    era = Hours(None, "UTC", {"House": OFFICE, "Far": jakarta}, {"house": "House", "inbox:3": "Far", "team:2": "House"})
    monday = at(2, 2)  # nine in Jakarta
    assert Clock((era,), inbox_id=3).is_open(monday)
    assert not Clock((era,)).is_open(monday)
    assert not Clock((era,), inbox_id=3, team_id=2).is_open(monday)
    assert Clock((era,), inbox_id=4, team_id=3).opens_after(monday) == at(2, 9)
    # Where nothing is said the house is open while any of them is.
    assert Clock((Hours(None, "UTC", era.calendars),)).opens_after(monday) == monday


@pytest.mark.django_db
def test_who_keeps_which_is_kept_by_era_and_goes_with_its_calendar(organization, boss):
    actions.update_organization(actor=boss, calendars={"House": OFFICE, "Night": kept({"mon": [["20:00", "24:00"]]})})
    actions.update_organization(actor=boss, hours_of={"inbox:3": "Night", "house": "House", "team:1": ""})
    assert Organization.objects.get().hours_of == {"house": "House", "inbox:3": "Night"}
    actions.update_organization(actor=boss, calendars={"House": OFFICE})
    assert Organization.objects.get().hours_of == {"house": "House"}
    before = PastHours.objects.order_by("pk").last()
    assert before is not None
    assert before.hours_of == {"house": "House", "inbox:3": "Night"}
    assert [era.assigned.get("inbox:3") for era in open_hours.of().eras] == [None, None, "Night", None]
    for wrong in ({"inbox:3": "Nowhere"}, {"desk:1": "House"}, {"inbox:0": "House"}, [], {"house": 3}):
        with pytest.raises(Refused) as refused:
            actions.update_organization(actor=boss, hours_of=wrong)
        assert refused.value.field == "calendars"
    for wrong in ("Nowhere/Town", 3, "../etc"):
        with pytest.raises(Refused):
            actions.update_organization(actor=boss, calendars={"House": OFFICE | {"zone": wrong}})
