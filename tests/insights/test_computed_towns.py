"""Computed traits where anything happens, at random but the same for one seed: as a slow reference has them."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
import time_machine

from careline.customers import actions as people
from careline.customers import formulas, queries
from careline.customers.models import ComputedValue, Person
from careline.insights.computed import keeping, verbs
from tests.insights import figured
from tests.insights.figured import COUNT, PLAN, SPENT, view
from tests.insights.world import World

FORMULAS = [
    COUNT, COUNT | {"days": 10}, SPENT, SPENT | {"how": "average", "days": 6},
    SPENT | {"how": "max", "currency": "USD"}, SPENT | {"how": "min"},
    SPENT | {"how": "latest"},
    {"how": "first", "kind": "product.viewed", "days": 8},
    {"how": "last", "kind": "order.placed"}, PLAN, PLAN | {"days": 5},
    COUNT | {"where": [{"fact": "stage", "test": "is", "value": "buy"}]},
    {"how": "average", "kind": "product.viewed", "fact": "properties.seats",
     "where": [{"fact": "properties.plan", "test": "is_not", "value": "gold"}]},
    {"how": "most_frequent", "kind": "product.viewed", "fact": "properties.seats",
     "where": [{"fact": "properties.seats", "test": "at_least", "value": 2}]},
]  # fmt: skip


def live(seed: int, cy, order, heard, nine, steps: int) -> None:
    chance, now = random.Random(seed), nine
    town = [Person.objects.create(name=f"P{n}").pk for n in range(6)]
    merges: list[int] = []
    with time_machine.travel(now, tick=False) as hands:
        kept = [verbs.save(f"t{n}", f"T{n}", one, actor=cy) for n, one in enumerate(chance.sample(FORMULAS, 6))]
        for _step in range(steps):
            for _n in range(chance.randint(1, 6)):
                person, at = chance.choice(town), now - timedelta(days=chance.choice([0, 0, 1, 7, 30]), minutes=_n)
                match chance.choice(["order", "order", "view", "view", "join", "part"]):
                    case "order":
                        stage = {"stage": "buy"} if chance.random() < 0.5 else {}
                        order(person, chance.randint(1, 9999), at, chance.choice(["EUR", "EUR", "USD"]), **stage)
                    case "view":
                        plan = chance.choice(["gold", "free", "Gold", "", None])
                        view(person, at, plan=plan, seats=chance.choice([1, 2.5, "3", None, 7]))
                    case "join":
                        other = chance.choice(town)
                        if queries.canonical(person) != queries.canonical(other):
                            merges.append(people.merge(person, other, actor=cy).pk)
                    case "part" if merges:
                        people.split(merges.pop(chance.randrange(len(merges))), actor=cy)
            if chance.random() < 0.3:
                now += timedelta(days=chance.randint(1, 6))
                hands.move_to(now)
                keeping.everybody()
            heard()
            world = World()
            for trait in kept:
                rows = ComputedValue.objects.filter(trait=trait.pk).values_list("person_id", "value", "moments")
                found = {person: (value, moments) for person, value, moments in rows}
                assert found == figured.values(formulas.read(trait.formula), now, world), (seed, trait.formula)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_equals_a_slow_reference(seed, cy, order, heard, nine):
    live(seed, cy, order, heard, nine, steps=8)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 140))
def test_what_is_kept_equals_a_slow_reference_in_many_towns(seed, cy, order, heard, nine):
    live(seed, cy, order, heard, nine, steps=30)
