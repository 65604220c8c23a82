"""Where values came from, under which id they stand, and claims that were refused put before a person."""

from __future__ import annotations

import pytest

from careline.accounts.actor import SYSTEM
from careline.customers import actions, queries, traits
from careline.customers.identities import Given
from careline.customers.models import Merge, Origin, Person, Suggestion


@pytest.fixture
def plan(boss) -> None:
    actions.define_attribute("plan", "Plan", "text", actor=boss)


def of(actor, person) -> dict[str, tuple]:
    rows = queries.provenance(actor, person.pk)
    return {one.field: (one.value, one.source, one.person_id) for one in rows}


def test_each_value_says_who_said_it_and_under_which_id(plan, ada, bo, cy):
    by_bo, by_cy = f"agent:{bo.agent_id}", f"agent:{cy.agent_id}"
    twin = actions.find_or_create(
        [Given("email", "a@example.org")], actor=cy, name="A. Moreau", zone="Europe/Oslo", attributes={"plan": "free"}
    ).person
    traits.set(ada.pk, "churn", 0.2, actor=SYSTEM, source="source:1")
    traits.set(twin.pk, "churn", 0.4, actor=SYSTEM, source="source:2")
    entry = actions.merge(ada.pk, twin.pk, actor=bo)
    assert of(bo, ada) == {
        "name": ("Ada Moreau", "", ada.pk), "language": ("en", "", ada.pk), "zone": ("Europe/Oslo", by_cy, twin.pk),
        "attribute:plan": ("free", by_cy, twin.pk), "trait:churn": (0.4, "source:2", twin.pk),
    }  # fmt: skip
    actions.set_attributes(ada.pk, {"plan": "gold"}, actor=bo)
    actions.rename(ada.pk, "Ada M.", actor=bo)
    told = of(bo, ada)
    assert (told["attribute:plan"], told["name"]) == (("gold", by_bo, ada.pk), ("Ada M.", by_bo, ada.pk))
    actions.split(entry.pk, actor=bo)
    assert of(bo, twin)["attribute:plan"] == ("free", by_cy, twin.pk)
    assert "zone" not in of(bo, ada)


def test_a_value_that_is_taken_away_leaves_no_origin(plan, ada, bo, boss):
    actions.set_attributes(ada.pk, {"plan": "gold"}, actor=bo)
    actions.update(ada.pk, zone="Europe/Oslo", actor=bo)
    assert {one.field for one in Origin.objects.all()} == {"attribute:plan", "zone"}
    actions.set_attributes(ada.pk, {"plan": None}, actor=bo)
    actions.update(ada.pk, zone="", actor=bo)
    assert not Origin.objects.exists()
    actions.set_attributes(ada.pk, {"plan": "gold"}, actor=bo)
    actions.drop_attribute("plan", actor=boss)
    assert not Origin.objects.exists()
    actions.rename(ada.pk, "A.", actor=bo)
    actions.erase(ada.pk, actor=boss)
    assert not Origin.objects.exists()


def test_two_who_proved_themselves_and_are_named_as_one_are_put_before_a_person(ada, bo):
    other = Person.objects.create(name="B")
    actions.add_identity(other.pk, Given("external", "B-1", verified=True), actor=bo)
    found = actions.find_or_create([Given("external", "B-1"), Given("email", "ada@example.com")], actor=bo)
    assert found.person.pk == other.pk
    [asked] = Suggestion.objects.all()
    assert ({asked.one_id, asked.other_id}, asked.evidence) == ({ada.pk, other.pk}, ["email"])
    assert not Merge.objects.exists()


def test_somebody_who_proved_nothing_asks_for_nothing(ada, bo):
    stranger = Person.objects.create(name="C")
    actions.add_identity(stranger.pk, Given("visitor", "v-1"), actor=bo)
    actions.find_or_create([Given("visitor", "v-1"), Given("email", "ada@example.com")], actor=bo)
    assert not Suggestion.objects.exists()
