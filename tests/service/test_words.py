"""The customer's words are weighed once, when they come, and the short form follows."""

from __future__ import annotations

import pytest

from careline import touchpoints
from careline.accounts.actor import Actor
from careline.customers.models import Person
from careline.customers.reactions import keep_scraps
from careline.service.conversations import actions
from careline.service.conversations.actions import speech
from careline.service.conversations.reactions import weigh_words
from careline.touchpoints import Moment
from careline.touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


def moments(*kinds: str) -> list[Moment]:
    rows = Touchpoint.objects.filter(kind__in=kinds).order_by("id").values_list(*touchpoints.moments.COLUMNS)
    return [Moment(*row) for row in rows]


@pytest.fixture
def said(conversation):
    """Weighs what the customer says from now on, and gives the short form."""
    customer = Actor.customer(conversation.person_id, conversation.inbox_id, name="Ada")

    def said(words: str) -> list[int]:
        speech.hear(conversation.pk, body=words, actor=customer, person_id=conversation.person_id)
        weigh_words(moments("message.received")[-1:])
        keep_scraps(moments("conversation.opened", "message.weighed"))
        return Person.objects.get(pk=conversation.person_id).scrap

    return said


def test_words_change_how_the_talk_felt_they_stand_in(said):
    assert said("The kettle stands on the table.") == [0]
    assert said("This is terrible and I am very angry.") == [-2]
    assert said("Thank you, this is wonderful, I love it!") == [2]


def test_what_was_found_says_by_what_and_where(said, conversation):
    said("This is terrible and I am very angry.")
    [weighed] = moments("message.weighed")
    received = moments("message.received")[-1]
    assert weighed.facts["by"] == "vader-3.3.2"
    assert weighed.facts["message"] == received.facts["message"]
    assert (weighed.occurred_at, weighed.inbox_id) == (received.occurred_at, conversation.inbox_id)
    assert weighed.facts["channel"] == received.facts["channel"]


def test_what_says_nothing_leaves_nothing(said):
    said("Barangnya belum sampai, tolong dibantu")
    assert moments("message.weighed") == []


def test_a_note_of_the_team_is_not_weighed(conversation, bo):
    actions.note(conversation.pk, body="A terrible, awful customer", actor=bo)
    weigh_words(moments("message.received"))
    assert moments("message.weighed") == []
