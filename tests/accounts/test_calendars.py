"""Business calendars: what is right comes back in order, what is wrong is refused with a sentence."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.accounts import actions, calendars
from careline.accounts.models import AuditEntry
from careline.kit.refusals import Refused


def at(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def days(draw: st.DrawFn) -> list[list[str]]:
    """Intervals that lie apart or touch, in any order."""
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=12)))
    intervals = [[at(a), at(b)] for a, b in zip(edges[::2], edges[1::2], strict=False)]
    if draw(st.booleans()) and len(edges) > 2:  # touching: one begins when the other ends
        intervals = [[at(a), at(b)] for a, b in pairwise(edges)]
    return draw(st.permutations(intervals))


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60).filter(
    lambda name: name.strip()
)
sound = st.dictionaries(
    names,
    st.fixed_dictionaries(
        {},
        optional={
            "days": st.dictionaries(st.sampled_from(calendars.DAYS), days()),
            "holidays": st.lists(st.dates().map(date.isoformat), max_size=20),
        },
    ),
    max_size=5,
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(calendars.DAYS),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["days", "holidays", "mon", "Support", "x"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(sound)
def test_sound_calendars_come_back_in_order_and_stay_as_they_are(given_calendars):
    checked = calendars.checked(given_calendars)
    assert calendars.checked(checked) == checked == json.loads(json.dumps(checked))
    assert list(checked) == list(given_calendars)
    for name, calendar in checked.items():
        before = given_calendars[name]
        for day, intervals in calendar["days"].items():
            assert intervals == sorted(before["days"][day]) != []
            edges = [edge for interval in intervals for edge in interval]
            assert edges == sorted(edges)
        assert {day for day, found in before.get("days", {}).items() if found} == set(calendar["days"])
        assert calendar["holidays"] == sorted(set(before.get("holidays", [])))


@given(days().filter(lambda found: found != []), st.data())
def test_hours_that_overlap_are_refused(intervals, data):
    begins, ends = data.draw(st.sampled_from(intervals))
    inside = [minute for minute in range(1440) if begins <= at(minute) < ends]
    start = data.draw(st.sampled_from(inside))
    stop = data.draw(st.integers(start + 1, 1440))
    with pytest.raises(Refused, match="overlap"):
        calendars.checked({"Support": {"days": {"wed": [*intervals, [at(start), at(stop)]]}}})


@given(anything)
def test_anything_else_is_refused_with_a_sentence_and_never_breaks(value):
    said = None
    try:
        checked = calendars.checked(value)
    except Refused as refused:
        said = refused
    if said is None:
        assert calendars.checked(checked) == checked
    else:
        assert said.field == "calendars"
        assert len(str(said).split()) > 3


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ([], "given by name"),
        ({1: {}}, "given by name"),
        ({" ": {}}, "must not be empty"),
        ({"x" * 61: {}}, "at most 60"),
        ({str(n): {} for n in range(51)}, "At most 50"),
        ({"S": {"hours": {}}}, "nothing else"),
        ({"S": {"days": {"monday": []}}}, "monday is not a day"),
        ({"S": {"days": {"mon": "09:00-17:00"}}}, "are a list"),
        ({"S": {"days": {"mon": [["9:00", "17:00"]]}}}, "is written like"),
        ({"S": {"days": {"mon": [["09:00", "24:01"]]}}}, "is written like"),
        ({"S": {"days": {"mon": [["09:00", "17:00\n"]]}}}, "is written like"),
        ({"S": {"days": {"mon": [["09:00"]]}}}, "is written like"),
        ({"S": {"days": {"mon": [["17:00", "09:00"]]}}}, "ends before it begins"),
        ({"S": {"days": {"mon": [["09:00", "09:00"]]}}}, "ends before it begins"),
        ({"S": {"days": {"mon": [["13:00", "17:00"], ["09:00", "13:01"]]}}}, "overlap: 09:00–13:01 and 13:00–17:00"),
        ({"S": {"holidays": ["2026-02-30"]}}, "2026-02-30 in S is not a date"),
        ({"S": {"holidays": ["25.12.2026"]}}, "is not a date"),
        ({"S": {"holidays": "2026-12-25"}}, "a list of at most"),
    ],
)
def test_what_is_wrong_is_said(wrong, says):
    with pytest.raises(Refused, match=says):
        calendars.checked(wrong)


def test_a_lunch_break_and_a_night_to_midnight(boss):
    hours = {
        "Support": {
            "days": {"mon": [["13:00", "17:30"], ["09:00", "12:00"]], "sat": [["20:00", "24:00"]], "sun": []},
            "holidays": ["2026-12-25", "2026-01-01", "2026-12-25"],
        }
    }
    organization = actions.update_organization(actor=boss, calendars=hours)
    organization.refresh_from_db()
    assert organization.calendars == {
        "Support": {
            "days": {"mon": [["09:00", "12:00"], ["13:00", "17:30"]], "sat": [["20:00", "24:00"]]},
            "holidays": ["2026-01-01", "2026-12-25"],
        }
    }
    assert AuditEntry.objects.get(verb="organization.updated").facts == {"fields": ["calendars"]}
