"""Conditions as people send them, look them up and read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from careline.accounts.models import Organization, Team
from careline.customers.models import AttributeDefinition, Person, Segment, SegmentMember, Trait
from careline.kit.refusals import Refused
from careline.service.conversations import actions, conditions

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ([], "group"), ({"none": []}, "group"), ({"all": [], "any": []}, "group"), ({"any": []}, "at least one"),
        ({"all": [{"any": []}]}, "at least one"), ({"all": ["x"]}, "group"),
        ({"all": [{"field": "mood", "op": "is", "value": 1}]}, "mood"),
        ({"all": [{"field": "state", "op": "contains", "value": "o"}]}, "is_not"),
        ({"all": [{"field": "state", "op": "is", "value": "gone"}]}, "snoozed"),
        ({"all": [{"field": "priority", "op": "is", "value": True}]}, "one of"),
        ({"all": [{"field": "age", "op": "at_least", "value": 1.5}]}, "minutes"),
        ({"all": [{"field": "text", "op": "contains", "value": " "}]}, "empty"),
        ({"all": [{"field": "inbox", "op": "is", "value": 424242}]}, "number"),
        ({"all": [{"field": "attribute:nothing", "op": "set"}]}, "attribute:nothing"),
        ({"all": [{"any": [{"all": [{"any": [{"field": "team", "op": "set"}]}]}]}]}, "deep"),
        ({"all": [{"field": "team", "op": "set", "of": 1}]}, "nothing else"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(organization, raw, word):
    with pytest.raises(Refused, match=word):
        conditions.checked(raw)


def test_what_can_be_is_kept_and_said(inbox, organization):
    team = Team.objects.create(name="Returns")
    AttributeDefinition.objects.create(name="plan", label="Plan", type="choice", choices=["gold", "basic"])
    raw = {
        "all": [
            {"field": "inbox", "op": "is", "value": str(inbox.pk)},
            {"any": [
                {"field": "team", "op": "is", "value": team.pk}, {"field": "silence", "op": "at_least", "value": 2880},
            ]},
            {"field": "attribute:plan", "op": "is", "value": "gold"},
        ]
    }  # fmt: skip
    found = conditions.checked(raw)
    assert conditions.read(conditions.written(found)) == found
    assert conditions.in_words(found) == (
        "Inbox is Shop chat and (Team is Returns or Time since the last word is at least 2 days) and Plan is “gold”"
    )
    assert conditions.in_words(conditions.checked({})) == "every conversation"
    channel = conditions.checked({"all": [{"field": "channel", "op": "is", "value": "Webchat"}]})
    assert conditions.in_words(channel) == "Channel is Web chat"
    with translation.override("ar"):
        assert "Shop chat" in conditions.in_words(found)


def test_a_conversation_is_seen_with_its_customer(conversation, bo, ada, nine, django_assert_num_queries):
    joined = Person.objects.create(name="A. Moreau", canonical=ada, attributes={"plan": "basic", "city": "Lyon"})
    Person.objects.filter(pk=ada.pk).update(attributes={"plan": "gold"}, language="fr")
    type(conversation).objects.filter(pk=conversation.pk).update(person=joined, attributes={"order": "A-1"})
    Trait.objects.create(person=joined, name="risk", value=0.9)
    segment = Segment.objects.create(name="Gold", rule={})
    SegmentMember.objects.create(segment=segment, person=ada)
    actions.tag(conversation.pk, actor=bo, tags=["vip"])
    Organization.objects.update(calendars={"Support": {"days": {"mon": [["09:00", "12:00"]]}}})
    with django_assert_num_queries(4):
        [found] = conditions.subjects([conversation.pk, 10**9], at=nine).values()
    assert (found.person, found.language, found.inbox, found.channel) == (
        ada.pk,
        "fr",
        conversation.inbox_id,
        "webchat",
    )
    assert found.attributes == {"plan": "gold", "city": "Lyon", "order": "A-1"}
    assert (found.traits, found.segments, found.tags) == ({"risk": 0.9}, {segment.pk}, ("vip",))
    assert (found.text, found.is_open, found.opened_at) == ("My order is late.", True, nine)
    assert not conditions.subjects([conversation.pk], at=nine + timedelta(hours=3))[conversation.pk].is_open
