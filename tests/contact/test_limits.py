"""Nobody is ever contacted beyond any limit on any channel, however many processes ask at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings

from careline import contact
from careline.contact.models import Decision
from careline.contact.scopes import Cap
from careline.customers.models import Identity, Person
from tests.contact.worlds import Askers, Question, World, at, beyond, forgone, settled, worlds

PEOPLE = 2
SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def people(count: int = PEOPLE) -> list[Person]:
    """Reached by every channel."""
    made = Person.objects.bulk_create([Person(name=f"Customer {n}") for n in range(count)])
    Identity.objects.bulk_create(
        Identity(person=one, kind=kind, scope=scope, value=f"{kind}{one.pk}@x.example", original="")
        for one in made for kind, scope in (("email", ""), ("visitor", "inbox:1"))
    )  # fmt: skip
    return made


@pytest.mark.django_db
def test_one_after_another_stays_within_every_limit_and_uses_what_is_left(organization: Any) -> None:
    asked = people()

    @given(world=worlds(people=PEOPLE, questions=10))
    @settings(max_examples=25)
    def holds(world: World) -> None:
        settled(world)
        for n, one in enumerate(world.questions):
            with time_machine.travel(at(one), tick=False):
                contact.decide(asked[one.person].pk, one.purpose, one.channel, f"key {n}")
        assert beyond(world) == []
        assert forgone(world) == []

    holds()


@pytest.mark.django_db
def test_a_world_beyond_its_limits_is_seen(organization: Any) -> None:
    """The count this file goes by notices what it is there to notice."""
    [ada] = people(1)
    world = World(
        caps={"any": [], "surveys": [Cap(1, 24)], "surveys/nps": [], "outreach": []},
        priorities=dict.fromkeys(("any", "surveys", "surveys/nps", "outreach"), "normal"),
        questions=[Question(0, "surveys", "api", 0), Question(0, "surveys/nps", "email", 5)],
    )
    settled(world)
    for n, one in enumerate(world.questions):
        Decision.objects.create(
            key=f"k{n}", person=ada, purpose=one.purpose, channel=one.channel, allowed=True, at=at(one)
        )
    assert len(beyond(world)) == 2
    Decision.objects.filter(purpose="surveys").update(allowed=False, reason="Hm.")
    assert (beyond(world), len(forgone(world))) == ([], 1)


@pytest.fixture
def askers(transactional_db: None, database_url: str, organization: Any) -> Iterator[Callable[[int], Askers]]:
    begun: list[Askers] = []

    def askers(count: int) -> Askers:
        begun.append(Askers(count, {"DATABASE_URL": database_url}))
        return begun[-1]

    yield askers
    for one in begun:
        one.leave()


def race(asking: Askers, asked: list[Person], world: World) -> None:
    settled(world)
    # Whatever process is asked, and for whatever else at the same time.
    several = [(asked[one.person].pk, one, f"key {n}") for n, one in enumerate(world.questions)]
    answers = asking.ask(several)
    assert len(answers) == len(several) == Decision.objects.count()
    assert beyond(world) == []
    assert forgone(world) == []


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_ask_for_the_last_place_do_not_both_get_it(askers: Callable[[int], Askers]) -> None:
    asking, asked = askers(2), people()
    everything: dict[str, list[Cap]] = {"any": [], "surveys": [], "surveys/nps": [], "outreach": []}
    alike = dict.fromkeys(everything, "normal")
    for n in range(5):
        questions = [Question(n % PEOPLE, purpose, "api", 0) for purpose in ("surveys", "surveys/nps") * 2]
        race(asking, asked, World(everything | {"any": [Cap(2, 24)], "surveys": [Cap(1, 1)]}, alike, questions))
        assert Decision.objects.filter(allowed=True).count() == 1


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_processes_that_race_stay_within_every_limit_in_large_worlds(askers: Callable[[int], Askers]) -> None:
    asking, asked = askers(2), people(3)

    @given(world=worlds(people=3, questions=40))
    @settings(max_examples=120, suppress_health_check=SHARED)
    def holds(world: World) -> None:
        race(asking, asked, world)

    holds()
