"""What the organization's own attributes say of a conversation: checked, told, live, merged, exported and erased."""

from __future__ import annotations

import json

import pytest

from careline.customers import actions as customers
from careline.customers import queries as people
from careline.customers.models import Person
from careline.kit import personal
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.models import Conversation

pytestmark = pytest.mark.django_db


@pytest.fixture
def defined(boss) -> None:
    for name, type, choices in (
        ("order", "text", []),
        ("amount", "number", []),
        ("reason", "choice", ["late", "lost"]),
    ):
        customers.define_attribute(name, name.title(), type, choices, of="conversation", actor=boss)
    customers.define_attribute("plan", "Plan", "text", actor=boss)


def kept(conversation) -> dict:
    return Conversation.objects.get(pk=conversation.pk).attributes


def test_values_are_kept_on_the_conversation_and_told_with_its_row(conversation, bo, defined):
    actions.describe(conversation.pk, {"order": "A-17", "amount": 19.5, "reason": "late"}, actor=bo)
    actions.describe(conversation.pk, {"amount": None}, actor=bo)
    assert kept(conversation) == {"order": "A-17", "reason": "late"}
    assert json.loads(queries.one(bo, conversation.pk).attributes) == kept(conversation)


def test_the_line_names_what_changed_and_never_to_what(conversation, ada, bo, defined, line_of):
    actions.describe(conversation.pk, {"order": "A-17", "reason": "late"}, actor=bo)
    moment = line_of(ada.pk)[-1]
    assert moment.facts == {
        "conversation": conversation.pk, "attributes": ["order", "reason"], "labels": ["Order", "Reason"],
    }  # fmt: skip
    assert "A-17" not in (queries.thread(bo, conversation.pk)[0].event or "")
    before = len(line_of(ada.pk))
    actions.describe(conversation.pk, {"order": "A-17", "amount": None}, actor=bo)
    assert len(line_of(ada.pk)) == before


@pytest.mark.parametrize(
    ("values", "word"),
    [({"plan": "gold"}, "no attribute"), ({"amount": "many"}, "a number"), ({"reason": "odd"}, "late, lost"),
     ({"a\0": 1}, "no attribute")],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_words(conversation, bo, defined, values, word):
    with pytest.raises(Refused, match=word):
        actions.describe(conversation.pk, values, actor=bo)
    assert kept(conversation) == {}


def test_an_attribute_of_conversations_is_none_of_customers(ada, bo, boss, defined):
    with pytest.raises(Refused, match="no attribute"):
        customers.set_attributes(ada.pk, {"order": "A-17"}, actor=bo)
    assert [one.name for one in people.attributes()] == ["plan"]
    with pytest.raises(Conflicting):
        customers.define_attribute("order", "Order", "text", actor=boss)
    with pytest.raises(Refused):
        customers.define_attribute("x", "X", "text", of="company", actor=boss)


def test_dropped_it_takes_the_values_of_every_conversation_along(conversation, ada, bo, boss, defined):
    actions.describe(conversation.pk, {"order": "A-17", "amount": 2}, actor=bo)
    customers.set_attributes(ada.pk, {"plan": "gold"}, actor=bo)
    assert actions.drop_attribute("order", actor=boss) == 1
    assert kept(conversation) == {"amount": 2}
    assert actions.drop_attribute("plan", actor=boss) == 1
    assert Person.objects.get(pk=ada.pk).attributes == {}
    with pytest.raises(NotVisible):
        actions.drop_attribute("order\0", actor=boss)


def test_a_merge_keeps_them_an_export_names_them_and_erasing_takes_them(conversation, ada, bo, boss, defined):
    actions.describe(conversation.pk, {"order": "A-17"}, actor=bo)
    twin = Person.objects.create(name="A. Moreau")
    entry = customers.merge(twin.pk, ada.pk, actor=bo)
    [row] = queries.of_person(bo, twin.pk)
    assert json.loads(row.attributes) == {"order": "A-17"}
    customers.split(entry.pk, actor=bo)
    assert kept(conversation) == {"order": "A-17"}
    assert personal.export(ada.pk)["conversations.Conversation"][0]["attributes"] == {"order": "A-17"}
    personal.erase(ada.pk)
    assert kept(conversation) == {}
