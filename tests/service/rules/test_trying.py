"""A rule tried on what has happened says where it would have run, by how things stood then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import NotAllowed
from careline.service.conversations import actions as talks
from careline.service.conversations.hot import words
from careline.service.rules import trying
from careline.service.rules.models import Firing

pytestmark = pytest.mark.django_db
THEN = [{"do": "tag", "tags": ["x"]}]


@pytest.fixture
def past(ada, inbox, bo):
    """Two days ago Ada wrote; it was tagged an hour later, answered after two, and resolved a day after that."""
    begun = clock.now() - timedelta(days=2)
    said = talks.open_with(
        actor=Actor.customer(ada.pk, inbox.pk, name=ada.name), inbox_id=inbox.pk,
        person=words.who(email="ada@example.com"), body="Late", client_id="past", at=begun,
    )  # fmt: skip
    talks.tag(said.conversation_id, actor=bo, tags=["vip"], at=begun + timedelta(hours=1))
    talks.reply(said.conversation_id, actor=bo, body="Soon", at=begun + timedelta(hours=2))
    talks.resolve(said.conversation_id, actor=bo, at=begun + timedelta(hours=26))
    return said.conversation_id, begun


def tried(actor, when, *asked):
    return trying.tried(actor, "One", when, {"all": list(asked)}, THEN)


def test_conditions_are_asked_as_things_stood_then(past, boss):
    conversation, begun = past
    opened = {"kind": "conversation.opened"}
    vip, still_open = {"field": "tag", "op": "is", "value": "vip"}, {"field": "state", "op": "is", "value": "open"}
    assert tried(boss, opened, still_open).matched == [(conversation, begun)]
    assert tried(boss, opened, vip).matched == []
    found = tried(boss, {"kind": "message.sent"}, vip, still_open)
    assert (found.occasions, found.matched) == (1, [(conversation, begun + timedelta(hours=2))])
    assert not Firing.objects.exists()


def test_silences_of_the_past_are_found_while_it_was_open(past, boss):
    conversation, begun = past
    assert tried(boss, {"since": "silence", "minutes": 60}).matched == [
        (conversation, begun + timedelta(hours=3)), (conversation, begun + timedelta(hours=1)),
    ]  # fmt: skip
    waits = {"field": "waiting_on", "op": "is", "value": "customer"}
    assert len(tried(boss, {"since": "silence", "minutes": 60}, waits).matched) == 1
    # After two days of it the conversation had been resolved.
    assert tried(boss, {"since": "silence", "minutes": 30 * 60}).matched == []
    assert tried(boss, {"since": "opened", "minutes": 60}).matched == [(conversation, begun + timedelta(hours=1))]


def test_only_who_writes_rules_tries_them_and_sees_their_inboxes(past, boss, bo):
    with pytest.raises(NotAllowed):
        tried(bo, {"kind": "conversation.opened"})
    outside = type(boss)(kind="agent", id=boss.id, name=boss.name, agent_id=boss.agent_id, permissions=boss.permissions)
    assert tried(outside, {"kind": "conversation.opened"}).occasions == 0
