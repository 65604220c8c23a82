"""An attribute can be asked of whoever resolves, where another says so."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from careline.accounts.actor import SYSTEM
from careline.customers import actions as customers
from careline.customers.models import AttributeDefinition
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.conversations import actions

pytestmark = pytest.mark.django_db
REFUND = {"all": [{"field": "attribute:topic", "op": "is", "value": "refund"}]}


@pytest.fixture
def asked(boss):
    customers.define_attribute("topic", "Topic", "choice", ["refund", "other"], actor=boss, of="conversation")
    customers.define_attribute("sum", "Sum", "number", actor=boss, of="conversation")
    actions.ask_attribute("sum", REFUND, actor=boss)


def test_a_field_is_asked_where_another_says_so(conversation, bo, asked):
    actions.describe(conversation.pk, {"topic": "refund"}, actor=bo)
    with pytest.raises(Refused, match="Sum"):
        actions.resolve(conversation.pk, actor=bo)
    actions.describe(conversation.pk, {"sum": 12}, actor=bo)
    assert actions.resolve(conversation.pk, actor=bo).state == "resolved"


def test_where_nothing_says_so_nobody_is_asked(conversation, bo, asked):
    actions.describe(conversation.pk, {"topic": "other"}, actor=bo)
    assert actions.resolve(conversation.pk, actor=bo).state == "resolved"


def test_machines_are_not_asked_and_an_empty_group_asks_always(conversation, bo, boss, asked):
    actions.ask_attribute("sum", {}, actor=boss)
    with pytest.raises(Refused, match="Sum"):
        actions.resolve(conversation.pk, actor=bo)
    assert actions.resolve(conversation.pk, actor=SYSTEM).state == "resolved"


def test_only_who_may_asks_and_only_of_conversations(bo, boss, asked):
    with pytest.raises(NotAllowed):
        actions.ask_attribute("sum", None, actor=bo)
    with pytest.raises(NotVisible):
        actions.ask_attribute("nothing", {}, actor=boss)
    customers.define_attribute("plan", "Plan", "text", actor=boss)
    with pytest.raises(Conflicting):
        actions.ask_attribute("plan", {}, actor=boss)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttributeDefinition.objects.filter(name="plan").update(asked={})
