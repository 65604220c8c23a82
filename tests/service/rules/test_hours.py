"""Rules that ask for the hours go by those of the conversation's team, else of its inbox, as they were then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.accounts.actor import Actor
from careline.accounts.calendars import DAYS
from careline.accounts.models import Organization, Team
from careline.kit import clock
from careline.service.conversations import actions as talks
from careline.service.conversations import conditions
from careline.service.conversations.hot import words
from careline.service.conversations.models import Conversation, Message
from careline.service.rules import actions, trying

pytestmark = pytest.mark.django_db
ALWAYS = {"days": {day: [["00:00", "24:00"]] for day in DAYS}, "holidays": []}
NEVER: dict[str, object] = {"days": {}, "holidays": []}
CLOSED = {"field": "hours", "op": "is", "value": "closed"}


@pytest.fixture
def begun(ada, inbox, organization):
    """The house works, the inbox does not, and Ada writes to it."""
    places = {"house": "Always", f"inbox:{inbox.pk}": "Never"}
    Organization.objects.update(calendars={"Always": ALWAYS, "Never": NEVER}, hours_of=places)
    said = talks.open_with(
        actor=Actor.customer(ada.pk, inbox.pk, name=ada.name), inbox_id=inbox.pk,
        person=words.who(email="ada@example.com"), body="Anybody there?", client_id="now",
    )  # fmt: skip
    return said.conversation_id


def test_the_ready_rule_answers_where_the_inbox_is_closed_though_the_house_is_not(begun, boss, heard, inbox):
    actions.switch(actions.keep_ready("closed", actor=boss).pk, on=True, actor=boss)
    heard()
    [asked] = Message.objects.filter(conversation=begun, event__verb="asked")
    assert "We are closed at the moment" in asked.body


def test_the_ready_rule_is_silent_where_the_inbox_is_open_though_the_house_is_not(begun, boss, heard, inbox):
    Organization.objects.update(hours_of={"house": "Never", f"inbox:{inbox.pk}": "Always"})
    actions.switch(actions.keep_ready("closed", actor=boss).pk, on=True, actor=boss)
    heard()
    assert not Message.objects.filter(conversation=begun, event__verb="asked").exists()


def test_a_team_that_works_on_is_open_whatever_its_inbox_says(begun, inbox, bo):
    team = Team.objects.create(name="Nights")
    Organization.objects.update(hours_of={f"inbox:{inbox.pk}": "Never", f"team:{team.pk}": "Always"})
    other = Conversation.objects.create(
        inbox=inbox, person_id=Conversation.objects.get(pk=begun).person_id, channel="webchat", team=team,
        opened_at=clock.now(), active_at=clock.now(),
    )  # fmt: skip
    found = conditions.subjects([begun, other.pk])
    assert (found[begun].is_open, found[other.pk].is_open) == (False, True)


def test_tried_on_the_past_each_moment_goes_by_the_hours_of_whoever_had_it_then(begun, inbox, boss, bo):
    team = Team.objects.create(name="Nights")
    Organization.objects.update(hours_of={f"inbox:{inbox.pk}": "Never", f"team:{team.pk}": "Always"})
    begun_at = Conversation.objects.get(pk=begun).opened_at
    for minute in (1, 3, 40):
        talks.note(begun, actor=bo, body="Hm.", at=begun_at + timedelta(minutes=minute))
    talks.assign(begun, actor=bo, team_id=team.pk, at=begun_at + timedelta(minutes=2))
    found = trying.tried(
        boss, "One", {"kind": "message.noted"}, {"all": [CLOSED]}, [{"do": "tag", "tags": ["x"]}],
        at=begun_at + timedelta(hours=1),
    )  # fmt: skip
    assert (found.occasions, found.matched) == (3, [(begun, begun_at + timedelta(minutes=1))])
