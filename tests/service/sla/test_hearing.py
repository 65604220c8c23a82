"""The pure core: what a line of moments makes of promises, whatever the order in which time is looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from careline.accounts.open_hours import WALL, Clock
from careline.accounts.queries import Hours
from careline.service.sla.hearing import Talk
from careline.service.sla.models import Course
from careline.service.sla.running import Passed
from careline.service.sla.terms import Step, Terms

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE = Clock((Hours(None, "UTC", {"House": {"days": {day: [["09:00", "18:00"]] for day in WEEK}}}),))
FRIDAY = datetime(2026, 3, 6, 17, 50, tzinfo=UTC)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def talk(terms: Terms | None, clock: Clock = WALL) -> Talk:
    return Talk(Course(conversation_id=1, inbox_id=1, waits={}), {}, terms, lambda _inbox, _team: clock)


def heard(talk: Talk, *moments: tuple[datetime, str] | tuple[datetime, str, dict]) -> list[Passed]:
    found = []
    for at, kind, *facts in moments:
        by = "customer" if kind in ("message.received", "conversation.opened") else "agent"
        found += talk.hear(kind, facts[0] if facts else {}, by, at)
    return found


def names(passed: list[Passed]) -> list[tuple[str, str, datetime]]:
    return [(one.promise.what, one.name, one.at) for one in passed]


def test_the_first_answer_goes_by_open_hours_and_is_in_time_to_the_instant():
    """Friday ten to six, Monday twenty past nine: 30 minutes of open time, 63.5 hours of the wall's."""
    monday = datetime(2026, 3, 9, 9, 20, tzinfo=UTC)
    running = talk(Terms(first=30), OFFICE)
    heard(running, (FRIDAY, "message.received"))
    assert running.promises["first"].due_at == monday
    [kept] = heard(running, (monday, "message.sent"))
    assert (kept.name, kept.promise.outcome, kept.promise.spent) == ("met", "met", 30 * MINUTE)
    late = talk(Terms(first=30), OFFICE)
    heard(late, (FRIDAY, "message.received"))
    second = timedelta(seconds=1)
    assert names(heard(late, (monday + second, "message.sent"))) == [("first", "due", monday)]
    assert late.over[0].outcome == "broken"
    # An answer on Sunday has cost them ten minutes of open time.
    sunday = talk(Terms(first=30), OFFICE)
    heard(sunday, (FRIDAY, "message.received"), (datetime(2026, 3, 8, 12, tzinfo=UTC), "message.sent"))
    assert sunday.over[0].spent == 10 * MINUTE
    wall = talk(Terms(first=30, clock="wall"), OFFICE)
    heard(wall, (FRIDAY, "message.received"))
    assert wall.promises["first"].due_at == FRIDAY + 30 * MINUTE


def test_machines_answer_nothing_and_each_wait_is_promised_once():
    running = talk(Terms(first=60, next=30))
    running.hear("message.received", {}, "customer", NINE)
    running.hear("message.sent", {}, "rule", NINE + MINUTE)
    running.hear("message.received", {}, "customer", NINE + 2 * MINUTE)
    assert {what: one.begun_at for what, one in running.promises.items()} == {"first": NINE}
    heard(running, (NINE + HOUR / 2, "message.sent"), (NINE + HOUR, "message.received"))
    heard(running, (NINE + HOUR + MINUTE, "message.received"))
    [following] = running.promises.values()
    assert (following.what, following.due_at) == ("next", NINE + HOUR + 30 * MINUTE)


def test_an_end_stands_still_while_the_customer_or_somebody_else_has_the_word():
    running = talk(Terms(resolution=120))
    heard(running, (NINE, "message.received"), (NINE + HOUR, "message.sent"))
    assert running.promises["resolution"].due_at is None
    assert names(heard(running, (NINE + 9 * HOUR, "message.received"))) == []
    assert running.promises["resolution"].due_at == NINE + 10 * HOUR
    heard(running, (NINE + 9 * HOUR + 30 * MINUTE, "conversation.awaited", {"on": "third_party"}))
    heard(running, (NINE + 12 * HOUR, "conversation.awaited", {"on": "us"}))
    assert running.promises["resolution"].due_at == NINE + 12 * HOUR + 30 * MINUTE
    [kept] = heard(running, (NINE + 12 * HOUR + MINUTE, "conversation.resolved"))
    assert (kept.name, kept.promise.spent) == ("met", 91 * MINUTE)
    # Opened again is promised anew; put away it is neither kept nor broken.
    heard(
        running,
        (NINE + 20 * HOUR, "conversation.reopened"),
        (NINE + 21 * HOUR, "conversation.marked", {"place": "spam"}),
    )
    assert [one.outcome for one in running.over] == ["met", "dropped"]


def test_a_pause_that_is_not_agreed_is_none():
    running = talk(Terms(resolution=120, pauses=("third_party",)))
    heard(running, (NINE, "message.received"), (NINE + HOUR, "message.sent"), (NINE + HOUR, "conversation.snoozed"))
    assert running.promises["resolution"].due_at == NINE + 2 * HOUR


def test_it_warns_breaks_and_escalates_at_the_stated_moments_once():
    steps = (Step("tell_holder", -10), Step("tell_leads", 0), Step("priority", 15, 4))
    running = talk(Terms(first=60, warn_percent=50, steps=steps))
    heard(running, (NINE, "message.received"))
    passed = running.run(NINE + 2 * HOUR)
    assert [(one.name, one.at - NINE) for one in passed] == [
        ("warn", 30 * MINUTE), ("tell_holder:-10:", 50 * MINUTE), ("due", 60 * MINUTE), ("tell_leads:0:", 60 * MINUTE),
        ("priority:15:4", 75 * MINUTE),
    ]  # fmt: skip
    assert running.run(NINE + 3 * HOUR) == []
    running.settle(NINE + 3 * HOUR)
    assert (running.promises["first"].due_at, running.promises["first"].next_at) == (NINE + HOUR, None)


def test_other_terms_keep_what_has_gone_and_never_break_backwards():
    running = talk(Terms(first=240))
    heard(running, (NINE, "message.received"))
    running.run(NINE + 2 * HOUR)
    running.use(Terms(first=60), NINE + 2 * HOUR)
    passed = running.run(NINE + 2 * HOUR + MINUTE)
    assert names(passed) == [("first", "due", NINE + 2 * HOUR)]
    running.use(Terms(next=60), NINE + 3 * HOUR)
    assert (running.promises, [one.outcome for one in running.over]) == ({}, ["broken"])
    # What was not promised when they wrote counts from when they wrote.
    later = talk(None)
    heard(later, (NINE, "message.received"))
    later.use(Terms(first=60), NINE + 30 * MINUTE)
    assert later.promises["first"].due_at == NINE + HOUR


KINDS = st.sampled_from([
    ("message.received", {}), ("message.sent", {}), ("conversation.resolved", {}), ("conversation.reopened", {}),
    ("conversation.snoozed", {}), ("conversation.woken", {}), ("conversation.awaited", {"on": "third_party"}),
    ("conversation.awaited", {"on": "us"}), ("conversation.marked", {"place": "trash"}),
])  # fmt: skip
TERMS = Terms(first=30, next=45, resolution=300, warn_percent=75, steps=(Step("tell_leads", 20),))


@given(
    st.lists(st.tuples(st.integers(1, 20 * 60), KINDS), min_size=1, max_size=12),
    st.lists(st.integers(1, 90 * 60), max_size=8), st.booleans(),
)  # fmt: skip
def test_looking_at_the_clock_in_between_changes_nothing(gaps, looks, in_hours):
    """A timer that fires often, late or never finds the same deadlines passed as the moments themselves do."""
    clock = OFFICE if in_hours else WALL
    moments, at = [], NINE
    for gap, (kind, facts) in gaps:
        at += gap * MINUTE
        moments.append((at, kind, facts))
    end = at + 100 * HOUR
    quiet, watched = talk(TERMS, clock), talk(TERMS, clock)
    expected = heard(quiet, *moments) + quiet.run(end)
    found: list[Passed] = []
    times = sorted(NINE + look * MINUTE for look in looks)
    for moment in moments:
        while times and times[0] <= moment[0]:
            found += watched.run(times.pop(0))
        found += heard(watched, moment)
    found += watched.run(end)
    assert names(found) == names(expected)
    for one in (*quiet.over, *watched.over):
        assert one.broken_at is None or one.outcome == "broken"
        assert timedelta() <= one.spent <= max(timedelta(), one.ended_at - one.begun_at)
