"""Several people join and part the same customers at once: one does it, the others are told, nobody goes in circles."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from careline.customers import actions, ledger, queries
from careline.customers.ledger import Entry
from careline.customers.models import Merge, Person
from careline.kit.refusals import Conflicting

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """What each came to: its result, or what it raised."""
    came: list[Any] = [None] * len(verbs)
    ready = threading.Barrier(len(verbs))

    def run(n: int) -> None:
        try:
            ready.wait(10)
            came[n] = verbs[n]()
        except Exception as error:
            came[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(verbs))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert not any(one.is_alive() for one in threads)
    return came


@pytest.fixture
def people(organization) -> list[Person]:
    return [Person.objects.create(name=f"No {n}") for n in range(4)]


def agrees(people: list[Person]) -> None:
    rows = Merge.objects.filter(undone_at=None).order_by("pk")
    wanted = ledger.roots(Entry(one.kept_id, one.joined_id) for one in rows)
    found = {one.pk: queries.canonical(one.pk) for one in people}
    assert found == {one.pk: wanted.get(one.pk, one.pk) for one in people}
    assert all(found[root] == root for root in found.values())


@pytest.mark.parametrize("_round", range(5))
def test_the_same_pair_is_joined_once_whichever_way_round(people, bo, _round):
    one, other, *_rest = (person.pk for person in people)
    came = at_once(
        lambda: actions.merge(one, other, actor=bo), lambda: actions.merge(other, one, actor=bo),
        lambda: actions.merge(one, other, actor=bo),
    )  # fmt: skip
    assert sorted(type(one).__name__ for one in came) == ["Conflicting", "Conflicting", "Merge"]
    agrees(people)


@pytest.mark.parametrize("_round", range(5))
def test_pairs_that_cross_end_in_one_customer(people, bo, _round):
    a, b, c, d = (person.pk for person in people)
    pairs = [(a, b), (b, c), (c, d), (d, a), (b, d)]
    came = at_once(*(lambda pair=pair: actions.merge(*pair, actor=bo) for pair in pairs))
    assert {type(one) for one in came} <= {Merge, Conflicting}, came
    assert sum(isinstance(one, Merge) for one in came) == 3, came
    agrees(people)
    assert len({queries.canonical(one.pk) for one in people}) == 1


@pytest.mark.parametrize("_round", range(5))
def test_joining_parting_and_writing_at_once_leave_what_the_ledger_says(people, bo, _round):
    a, b, c, d = (person.pk for person in people)
    entry = actions.merge(a, b, actor=bo)
    came = at_once(
        lambda: actions.split(entry.pk, actor=bo), lambda: actions.merge(b, c, actor=bo),
        lambda: actions.merge(d, a, actor=bo), lambda: actions.block(b, actor=bo),
    )  # fmt: skip
    assert not [one for one in came if isinstance(one, Exception)], came
    agrees(people)
    # Whoever was meant is blocked, and with them those they are one with.
    assert queries.customer(bo, b).blocked_at is not None
