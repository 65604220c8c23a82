"""Who gets what, decided without a database: the right one, the first in line, and nobody in vain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from careline.service.routing.matching import Agent, Need, Waiting, match, may_take, room
from careline.service.routing.relaxing import PRESSED, SOON, Asked, Step, Terms, eased

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ARABIC, BILLING = 1, 2


def waits(number, *, minutes=0, **need):
    last = need.pop("last", None)
    return Waiting(number, Need(**{"queue": 1, "inbox": 1, **need}), NINE + timedelta(minutes=minutes), last)


def free(number, **about):
    about = {"capacity": 2, "load": 0, "inboxes": frozenset({1}), **about}
    return Agent(number, **about)


def pairs(waiting, agents):
    return {one.conversation: one.agent for one in match(waiting, agents)}


def test_whoever_waited_longest_is_first():
    assert pairs([waits(1, minutes=2), waits(2, minutes=1)], [free(7, capacity=1)]) == {2: 7}


def test_the_only_one_who_can_is_not_spent_on_somebody_others_can_help():
    agents = [free(7, capacity=1, skills={ARABIC: 3}), free(8, capacity=1, skills={BILLING: 1, ARABIC: 0})]
    both = [waits(1), waits(2, minutes=1, skills=((ARABIC, 2),))]
    assert pairs(both, agents) == {1: 8, 2: 7}


def test_a_call_needs_more_room_than_a_chat():
    agents = [free(7, capacity=6, load=1)]
    assert pairs([waits(1, weight=6), waits(2, weight=2), waits(3, weight=2), waits(4, weight=2)], agents) == {
        2: 7,
        3: 7,
    }


def test_whoever_had_the_customer_before_is_asked_first():
    agents = [free(7), free(8, load=1)]
    [one] = match([waits(1, last=8)], agents)
    assert (one.agent, one.why) == (8, "last_agent")


def test_kept_for_one_it_goes_to_nobody_else():
    assert pairs([waits(1, only=9)], [free(7)]) == {}


def test_the_team_goes_round():
    agents = [free(7, given=NINE), free(8, given=NINE - timedelta(hours=1))]
    assert pairs([waits(1, spread="in_turn")], agents) == {1: 8}


skills_of = st.dictionaries(st.integers(1, 3), st.integers(1, 3), max_size=3)
somebody = st.builds(
    free, st.integers(1, 5), capacity=st.integers(1, 4), load=st.integers(0, 3), skills=skills_of,
    teams=st.frozensets(st.integers(1, 2)),
)  # fmt: skip
something = st.builds(
    waits, st.integers(1, 12), minutes=st.integers(0, 9), weight=st.integers(1, 3),
    team=st.none() | st.integers(1, 2), skills=skills_of.map(lambda one: tuple(sorted(one.items()))),
    not_by=st.lists(st.integers(1, 5), max_size=2).map(tuple),
)  # fmt: skip


@given(
    st.lists(something, max_size=12, unique_by=lambda one: one.id),
    st.lists(somebody, max_size=5, unique_by=lambda one: one.id),
)
def test_nobody_is_given_what_they_cannot_take_nor_more_than_they_can_carry(waiting, agents):
    decided = match(waiting, agents)
    known, by_id = {one.id: one for one in agents}, {one.id: one for one in waiting}
    assert len({one.conversation for one in decided}) == len(decided)
    for one in decided:
        assert may_take(known[one.agent], by_id[one.conversation].need)
    for agent in agents:
        taken = sum(by_id[one.conversation].need.weight for one in decided if one.agent == agent.id)
        assert taken == 0 or agent.load + taken <= agent.capacity


@given(
    st.lists(something, max_size=7, unique_by=lambda one: one.id),
    st.lists(somebody, max_size=3, unique_by=lambda one: one.id),
)
def test_the_first_in_line_never_lose_to_those_behind_them(waiting, agents):
    """With places that all weigh the same: no set of those in line that ranks higher could have been served."""
    waiting = [Waiting(one.id, Need(**{**_facts(one.need), "weight": 1}), one.rank) for one in waiting]
    served = {one.conversation for one in match(waiting, agents)}
    order = sorted(waiting, key=lambda one: (one.rank, one.id))
    best: list[Waiting] = []
    for one in order:
        if _can_all([*best, one], agents):
            best.append(one)
    assert served == {one.id for one in best}


# Rows of some that wait for the same, by the minutes at which they came.
rows_of = st.lists(st.tuples(something, st.lists(st.integers(0, 9), min_size=1, max_size=6)), min_size=1, max_size=3)


@given(rows_of, st.lists(somebody, max_size=5, unique_by=lambda one: one.id))
def test_what_can_be_given_at_all_decides_as_all_of_it_would(rows, agents):
    """Of each row only as many as there is room for, and only agents who have to do with any: the same comes of it."""
    each = [(first.need, minutes) for first, row in rows for minutes in row]
    waiting = [Waiting(n, need, NINE + timedelta(minutes=minutes)) for n, (need, minutes) in enumerate(each)]
    wanted = {skill for one in waiting for skill, _least in one.need.skills}
    anybody = any(not one.need.skills for one in waiting)
    asked = [one for one in agents if anybody or wanted & set(one.skills)]
    most = room({one.need for one in waiting}, asked)
    looked_at = []
    for need, n in most.items():
        row = sorted((one for one in waiting if one.need == need), key=lambda one: (one.rank, one.id))
        looked_at += row[:n]
    assert match(looked_at, asked) == match(waiting, agents)


def _facts(need):
    return {name: getattr(need, name) for name in Need.__struct_fields__}


def _can_all(items, agents):
    """By trying every way there is."""
    room = {one.id: max(0, one.capacity - one.load) for one in agents}

    def rest(n):
        if n == len(items):
            return True
        for agent in agents:
            if room[agent.id] and may_take(agent, items[n].need):
                room[agent.id] -= 1
                if rest(n + 1):
                    return True
                room[agent.id] += 1
        return False

    return rest(0)


def test_a_queue_gives_way_at_its_moments():
    terms = Terms(
        id=1, team=4, skills={BILLING: 3}, by_language=True, last_s=20,
        steps=[Step(30, "level"), Step(60, "skills"), Step(90, "team"), Step(120, "queue", 5)],
    )  # fmt: skip
    asked = Asked(inbox=1, weight=2, entered=NINE, speaks=ARABIC, last=9)

    def at(seconds):
        return eased(terms, asked, at=NINE + timedelta(seconds=seconds))

    assert at(0).need.only == 9
    assert at(0).next_at == NINE + timedelta(seconds=20)
    assert (at(20).need.only, at(20).need.skills) == (None, ((ARABIC, 1), (BILLING, 3)))
    assert at(30).need.skills == ((ARABIC, 1), (BILLING, 2))
    assert (at(60).need.skills, at(60).need.team) == (((ARABIC, 1),), 4)
    assert (at(90).need.team, at(90).step) == (None, 3)
    assert (at(120).queue, at(120).next_at) == (5, None)


def test_a_promise_that_breaks_soon_is_a_head_start_from_a_moment_that_is_known():
    terms = Terms(id=1, steps=[Step(3600, "skills")])
    asked = Asked(inbox=1, weight=1, entered=NINE, due=NINE + SOON + timedelta(minutes=5))
    before = eased(terms, asked, at=NINE)
    assert (before.head_start, before.next_at) == (timedelta(), NINE + timedelta(minutes=5))
    for minutes in (5, 500):
        assert eased(terms, asked, at=NINE + timedelta(minutes=minutes)).head_start == PRESSED


steps_taken = st.builds(Step, st.integers(0, 300), st.sampled_from(["level", "skills", "language", "team"]))


@given(st.lists(steps_taken, max_size=6), st.integers(0, 300), st.integers(0, 300))
def test_it_never_asks_for_more_than_before(steps, one, other):
    terms = Terms(id=1, team=4, skills={BILLING: 3, 3: 1}, by_language=True, steps=steps)
    asked = Asked(inbox=1, weight=1, entered=NINE, speaks=ARABIC)
    first, then = (eased(terms, asked, at=NINE + timedelta(seconds=seconds)).need for seconds in sorted((one, other)))
    agent = Agent(1, 1, 0, frozenset({1}), frozenset({4}), {BILLING: 2, ARABIC: 1})
    assert may_take(agent, then) or not may_take(agent, first)
