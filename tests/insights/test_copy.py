"""The copy holds what the line holds: exactly once, by whom it stands for now, whatever came late."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection, transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.customers import actions as customers
from careline.customers.models import Person
from careline.insights import figures
from careline.insights.warehouse import questions
from careline.insights.warehouse.copy import keeping, manifest, merging, source
from careline.insights.warehouse.copy.keeping import Keeper
from careline.insights.warehouse.reading import reading
from careline.insights.warehouse.sight import Sight
from careline.kit.refusals import Refused
from careline.touchpoints.models import Touchpoint
from tests.insights import reference
from tests.insights.reference import Moment
from tests.touchpoints.conftest import wait_for_the_horizon

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def people(n: int) -> list[int]:
    return [Person.objects.create(name=f"Person {k}").pk for k in range(n)]


def track(person: int, name: str, at: datetime = NOON, inbox: int | None = None) -> None:
    with transaction.atomic():
        touchpoints.record(
            "event.tracked", person=person, actor=SYSTEM, source="track:1", occurred_at=at, inbox=inbox, name=name
        )


def follow(keeper: Keeper) -> None:
    wait_for_the_horizon()
    assert keeper.follow()


def on_the_line() -> reference.Lines:
    joined = {one.pk: one.canonical_id for one in Person.objects.exclude(canonical=None) if one.canonical_id}
    return reference.lines(
        (
            Moment(
                one.person_id, one.occurred_at.replace(tzinfo=None), one.id,
                one.facts["name"] if one.kind == "event.tracked" else one.kind, one.inbox_id,
            )
            for one in Touchpoint.objects.exclude(person_id=None)
        ),
        joined,
    )  # fmt: skip


def assert_same() -> None:
    """Row by row, with everything that is stored beside each."""
    lines = on_the_line()
    expected = []
    for customer, line in lines.items():
        for n, moment in enumerate(line):
            following = line[n + 1] if n + 1 < len(line) else None
            expected.append((
                customer, n + 1, moment.at, moment.kind, following and following.kind,
                following and (following.at - moment.at) // reference.MICROSECOND, line[0].at, moment.person,
                moment.inbox, moment.id,
            ))  # fmt: skip
    with reading() as copy:
        found = copy.conn.execute(
            "SELECT customer, position, occurred_at, kind::VARCHAR, next_kind::VARCHAR, gap, first_at, person, inbox,"
            " id FROM line ORDER BY customer, position"
        ).fetchall()
        assert found == expected
        assert copy.manifest is None or copy.manifest.rows == len(expected)
        assert questions.journey_map(copy.conn, copy.sight(Sight())) == reference.journey_map(lines)
        narrow = {customer: kept for customer, line in lines.items() if (kept := [m for m in line if m.inbox != 2])}
        look = copy.sight(Sight(inboxes=(1, 3)))
        assert questions.journey_map(copy.conn, look) == reference.journey_map(narrow)


def test_an_installation_without_moments_has_no_copy(keeper, columnar):
    keeper.follow()
    assert manifest.read() is None
    with reading() as copy:
        assert questions.journey_map(copy.conn, copy.sight(Sight())) == []


def test_what_is_recorded_is_there_once_and_what_was_late_in_its_place(keeper):
    [ada, bo] = people(2)
    track(ada, "first")
    track(ada, "third", NOON + timedelta(hours=2))
    follow(keeper)
    assert_same()
    track(ada, "second", NOON + timedelta(hours=1))
    track(bo, "first", NOON, inbox=2)
    follow(keeper)
    follow(keeper)
    assert_same()
    keeper.merge_now()
    assert manifest.read().recent is None
    assert_same()


def test_nothing_new_makes_no_version(keeper):
    [ada] = people(1)
    track(ada, "first")
    follow(keeper)
    before = manifest.read()
    stamps = {path: path.stat().st_mtime_ns for path in (source.engine.folder()).iterdir()}
    for _n in range(3):
        follow(keeper)
    assert manifest.read() == before
    assert {path: path.stat().st_mtime_ns for path in (source.engine.folder()).iterdir()} == stamps


def test_what_commits_late_is_not_passed_over(keeper, database_url):
    [ada] = people(1)
    track(ada, "before")
    follow(keeper)
    with psycopg.connect(database_url) as slow:
        slow.execute(
            "INSERT INTO touchpoints_touchpoint (id, kind, person_id, actor_kind, source, occurred_at, facts) VALUES"
            " (gen_random_uuid(), 'event.tracked', %s, 'system', 'x', %s, '{\"name\": \"slow\"}')",
            [ada, NOON],
        )
        track(ada, "quick")
        assert not keeper.follow()
        with reading() as copy:
            assert questions.journey_map(copy.conn) == []
        slow.commit()
    follow(keeper)
    assert_same()


@pytest.mark.long
def test_a_merge_and_its_undoing_move_whole_lines(keeper):
    [ada, bo, cy] = people(3)
    for n, person in enumerate((ada, bo, ada, cy, bo)):
        track(person, f"event.{n}", NOON + timedelta(minutes=n))
    follow(keeper)
    Person.objects.filter(pk=bo).update(canonical=ada)
    follow(keeper)
    assert_same()
    keeper.merge_now()
    track(bo, "later", NOON + timedelta(days=1))
    follow(keeper)
    assert_same()
    Person.objects.filter(pk=bo).update(canonical=cy)
    follow(keeper)
    assert_same()
    Person.objects.filter(pk=bo).update(canonical=None)
    track(ada, "a name nobody had heard, with ' and \" and \n in it", NOON - timedelta(days=1))
    follow(keeper)
    assert_same()
    assert manifest.read().grown
    keeper.merge_now()
    assert not manifest.read().grown
    assert_same()


@pytest.mark.parametrize("afterwards", ["another", "nobody"])
def test_who_is_taken_from_a_line_leaves_it_shorter(keeper, afterwards):
    """Nothing but the mapping changes, and nobody of them was touched since the base was made."""
    [ada, bo, cy] = people(3)
    for n, person in enumerate((ada, bo, ada, cy, bo)):
        track(person, f"event.{n}", NOON + timedelta(minutes=n))
    Person.objects.filter(pk=bo).update(canonical=ada)
    follow(keeper)
    keeper.merge_now()
    Person.objects.filter(pk=bo).update(canonical=cy if afterwards == "another" else None)
    follow(keeper)
    assert_same()


def test_what_was_touched_during_a_merge_stays_recent(keeper):
    [ada, bo] = people(2)
    track(ada, "one")
    track(bo, "one")
    follow(keeper)
    track(ada, "two", NOON + timedelta(hours=1))
    follow(keeper)
    merged = merging.merge(keeper.current)
    track(bo, "brand new", NOON + timedelta(hours=1))
    follow(keeper)
    keeper._adopt(merged)
    assert_same()
    current = manifest.read()
    assert (current.base_rows, current.recent_rows, current.hidden_rows, current.grown) == (3, 2, 1, True)


def test_an_erased_person_goes_from_the_copy_at_once(keeper, columnar):
    [ada, bo] = people(2)
    track(ada, "marker.of.ada")
    track(bo, "one")
    follow(keeper)
    customers.erase(ada, actor=SYSTEM)
    # As an erasure that leaves a number of chance: no row of hers may be left under the old one.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL careline.erasing = 'on'")
        cursor.execute(
            "UPDATE touchpoints_touchpoint SET person_id = 987654321, facts = jsonb_build_object('name', 'gone')"
            " WHERE person_id = %s",
            [ada],
        )
    follow(keeper)
    assert_same()
    with reading() as copy:
        assert copy.conn.execute("SELECT count(*) FROM line WHERE person = $ada", {"ada": ada}).fetchone() == (0,)
    assert merging.is_due(keeper.current)
    keeper.merge_now()
    assert not merging.is_due(keeper.current)
    assert_same()
    assert sorted(path.name for path in columnar.iterdir() if path.is_file()) == [
        keeper.current.base, "lock", "manifest.json",
    ]  # fmt: skip
    with reading() as copy:
        assert copy.conn.execute("SELECT count(*) FROM base.line WHERE person = $ada", {"ada": ada}).fetchone() == (0,)


def test_a_copy_of_another_database_is_made_anew(keeper):
    [ada] = people(1)
    track(ada, "one")
    follow(keeper)
    manifest.switch(manifest.msgspec.structs.replace(keeper.current, source="another:1", base_rows=77))
    keeper.current = manifest.read()
    follow(keeper)
    assert manifest.read().version == 2
    assert_same()


def test_a_line_that_was_restored_waits_until_it_is_settled(keeper):
    [ada] = people(1)
    track(ada, "one")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL careline.erasing = 'on'")
        cursor.execute("UPDATE touchpoints_touchpoint SET xid = '999999999999'")
    assert not keeper.follow()
    assert manifest.read() is None


def test_one_process_keeps_the_copy(keeper):
    with keeping.keeping() as other:
        assert other is None


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 6))])
def test_any_history_leads_to_the_same_copy(keeper, seed):
    """Late moments, merges, splits, new names, erasures and merges of the copy, in any order."""
    chance = random.Random(seed)
    known = people(8)
    for _step in range(14):
        for _n in range(chance.randrange(1, 12)):
            at = NOON + timedelta(minutes=chance.randrange(2000), seconds=chance.choice((0, 0, 1)))
            track(chance.choice(known), f"event.{chance.randrange(4 + _step)}", at, chance.choice((None, 1, 2)))
        verb = chance.randrange(6)
        one, other = chance.sample(known, 2)
        if verb == 0 and not Person.objects.filter(canonical=one).exists():
            root = Person.objects.get(pk=other).canonical_id or other
            if root != one:
                Person.objects.filter(pk=one).update(canonical=root)
        elif verb == 1:
            Person.objects.filter(pk=one).update(canonical=None)
        elif verb == 2:
            customers.erase(one, actor=SYSTEM)
        elif verb == 3:
            keeper.merge_now()
        if chance.random() < 0.7:
            follow(keeper)
            assert_same()
    follow(keeper)
    keeper.merge_now()
    assert_same()


def test_a_question_that_does_not_fit_is_refused_in_a_sentence(keeper):
    import duckdb

    track(people(1)[0], "one")
    follow(keeper)
    with pytest.raises(Refused, match="DUCKDB_MEMORY"), reading():
        raise duckdb.OutOfMemoryException("too much")


def test_before_the_first_moment_about_a_person_nothing_is_behind(keeper, bo):
    """What happens to agents makes no copy, so it must not look like one that is late."""
    with transaction.atomic():
        touchpoints.record("agent.status-changed", agent=bo.agent_id, actor=bo, source="agent:1", status="away")
    follow(keeper)
    assert figures.behind().touchpoints == 0
    [ada] = people(1)
    track(ada, "first")
    assert figures.behind().touchpoints == 1
    follow(keeper)
    assert figures.behind().touchpoints == 0
