"""Attributes an organization defines, and scores other rooms work out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from careline.accounts.actor import SYSTEM, Actor
from careline.customers import actions, queries, traits
from careline.customers.models import AttributeDefinition, Person, Trait
from careline.customers.traits import Score
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def defined(boss) -> None:
    actions.define_attribute("level", "Level", "choice", ["gold", "silver"], actor=boss)
    actions.define_attribute("size", "Size", "number", actor=boss)
    actions.define_attribute("since", "Since", "date", actor=boss)
    actions.define_attribute("vip", "VIP", "boolean", actor=boss)
    actions.define_attribute("hint", "Hint", "text", actor=boss)


def test_values_of_every_type_are_kept_as_they_are(ada, bo, defined):
    values = {"level": "gold", "size": 38.5, "since": "2026-03-02", "vip": False, "hint": "likes tea ☕"}
    actions.set_attributes(ada.pk, values, actor=bo)
    assert Person.objects.get(pk=ada.pk).attributes == values
    actions.set_attributes(ada.pk, {"since": date(2025, 1, 1), "vip": None}, actor=bo)
    kept = {"level": "gold", "size": 38.5, "since": "2025-01-01", "hint": "likes tea ☕"}
    assert Person.objects.get(pk=ada.pk).attributes == kept


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"shoe": 3}, "no attribute"),
        ({"level": "bronze"}, "gold, silver"),
        ({"level": ["gold"]}, "gold, silver"),
        ({"size": "38"}, "a number"),
        ({"size": True}, "a number"),
        ({"size": float("nan")}, "a number"),
        ({"size": float("inf")}, "a number"),
        ({"since": "yesterday"}, "a date such as"),
        ({"since": 3}, "a date such as"),
        ({"vip": 1}, "true or false"),
        ({"hint": 3}, "a text"),
        ({"hint": "a\0"}, "NUL"),
        ({"hint": "x" * 2001}, "2000"),
        ({"level": "gold", "size": "x"}, "a number"),
    ],
)
def test_what_does_not_fit_is_refused_in_words_and_nothing_changes(ada, bo, defined, values, word):
    with pytest.raises(Refused, match=word) as refusal:
        actions.set_attributes(ada.pk, values, actor=bo)
    assert refusal.value.field in values
    assert Person.objects.get(pk=ada.pk).attributes == {}


def test_a_definition_may_change_its_words_but_not_its_type(boss, defined):
    actions.define_attribute("level", "Loyalty", "choice", ["gold", "iron"], actor=boss)
    assert AttributeDefinition.objects.get(name="level").choices == ["gold", "iron"]
    with pytest.raises(Conflicting):
        actions.define_attribute("level", "Level", "text", actor=boss)
    assert [one.name for one in queries.attributes()] == ["hint", "level", "since", "size", "vip"]


@pytest.mark.parametrize(
    ("name", "type", "choices"),
    [("Level", "text", []), ("a b", "text", []), ("a", "colour", []), ("a", "choice", []), ("a", "text", ["x"])],
)
def test_a_definition_that_cannot_be_is_refused(boss, name, type, choices):
    with pytest.raises(Refused):
        actions.define_attribute(name, "Label", type, choices, actor=boss)


def test_the_database_refuses_a_choice_without_choices(db):
    for broken in ({"type": "choice", "choices": []}, {"type": "text", "choices": ["x"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AttributeDefinition.objects.create(name="a", label="A", **broken)


def test_a_dropped_attribute_takes_its_values_along(ada, bo, boss, defined):
    actions.set_attributes(ada.pk, {"vip": True, "size": 3}, actor=bo)
    assert actions.drop_attribute("vip", actor=boss) == 1
    assert Person.objects.get(pk=ada.pk).attributes == {"size": 3}
    with pytest.raises(NotVisible):
        actions.drop_attribute("vip", actor=boss)


def test_definitions_belong_to_the_organization(bo):
    with pytest.raises(NotAllowed):
        actions.define_attribute("a", "A", "text", actor=bo)
    with pytest.raises(NotAllowed):
        actions.drop_attribute("a", actor=bo)


def test_a_trait_has_one_value_the_latest_worked_out(ada, bo, nine):
    traits.set(ada.pk, "churn", 0.7, actor=SYSTEM, source="insights:churn:3", at=nine)
    traits.set(ada.pk, "churn", 0.9, actor=SYSTEM, at=nine - timedelta(days=1))
    assert queries.traits(bo, ada.pk) == {"churn": 0.7}
    traits.set(ada.pk, "churn", {"share": 0.2}, actor=SYSTEM, at=nine + timedelta(days=1))
    assert queries.traits(bo, ada.pk) == {"churn": {"share": 0.2}}


def test_many_traits_are_one_statement(organization, django_assert_num_queries):
    people = Person.objects.bulk_create(Person() for _ in range(50))
    scores = [Score(one.pk, "churn", n / 50) for n, one in enumerate(people)] + [Score(424242, "churn", 1)]
    with django_assert_num_queries(1):
        assert traits.set_many(scores, actor=SYSTEM) == 50
    assert Trait.objects.count() == 50


def test_traits_are_not_set_by_just_anybody(ada):
    with pytest.raises(NotAllowed):
        traits.set(ada.pk, "churn", 1, actor=Actor.customer(ada.pk, 1))
    with pytest.raises(NotAllowed):
        queries.traits(Actor.customer(ada.pk, 1), ada.pk)
    with pytest.raises(Refused, match="NUL"):
        traits.set(ada.pk, "churn", "\0", actor=SYSTEM)
