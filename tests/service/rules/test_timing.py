"""Rules that time brings about, and steps that wait: each asked for once, at its moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from careline.accounts.actor import Actor
from careline.kit import clock
from careline.service.conversations import actions as talks
from careline.service.conversations.models import Conversation, Message
from careline.service.rules import actions, timing
from careline.service.rules.models import Firing, Pause, Rule

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def run(at):
    """The minute's job at that time."""
    with time_machine.travel(at, tick=False):
        return timing.run_due()


def _since(conversation: Conversation, at) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(active_at=at, opened_at=at)


def test_a_silence_runs_a_rule_once_until_a_person_speaks_again(conversation, bo, ruled, ada, inbox):
    now = clock.now()
    _since(conversation, now)
    rule = ruled({"since": "silence", "minutes": 60}, {"do": "note", "words": "Quiet for an hour."})
    assert run(now + timedelta(minutes=59)) == 0
    assert run(now + timedelta(minutes=61)) == 1
    # Its own note is no word that a silence could begin after.
    for hours in (2, 3, 30):
        assert run(now + timedelta(hours=hours)) == 0
    with time_machine.travel(now + timedelta(hours=30)):
        talks.note(conversation.pk, actor=bo, body="I asked the carrier.")
    assert run(now + timedelta(hours=31, minutes=1)) == 1
    assert Firing.objects.filter(rule=rule).count() == 2


def test_what_was_due_before_it_was_on_is_not_made_up_for(conversation, ruled):
    ruled({"since": "opened", "minutes": 60}, {"do": "tag", "tags": ["old"]})
    assert timing.run_due() == 0


def test_many_due_at_one_moment_are_each_asked_once(conversation, ruled, ada, inbox, monkeypatch):
    monkeypatch.setattr(timing, "PIECE", 2)
    now = clock.now()
    _since(conversation, now)
    for _n in range(4):
        Conversation.objects.create(inbox=inbox, person=ada, channel="webchat", opened_at=now, active_at=now)
    ruled({"since": "opened", "minutes": 5}, {"do": "tag", "tags": ["due"]})
    assert run(now + timedelta(minutes=5)) == 5
    assert run(now + timedelta(minutes=6)) == 0
    assert Conversation.objects.filter(tags=["due"]).count() == 5


def test_the_ready_rule_warns_and_closes_what_falls_silent(conversation, bo, boss, heard):
    rule = actions.keep_ready("closing", actor=boss)
    assert not rule.is_on
    actions.switch(rule.pk, on=True, actor=boss)
    now = clock.now()
    talks.reply(conversation.pk, actor=bo, body="Did it arrive?", at=now)
    run(now + 3 * DAY + timedelta(minutes=1))
    heard()
    [warned] = Message.objects.filter(conversation=conversation, event__verb="asked")
    assert "close this conversation" in warned.body
    run(now + 4 * DAY)
    conversation.refresh_from_db()
    assert conversation.state == "open"
    run(now + 5 * DAY + timedelta(minutes=2))
    conversation.refresh_from_db()
    assert conversation.state == "resolved"
    assert not Pause.objects.exists()


def test_a_word_in_between_calls_off_what_waits(conversation, bo, boss, heard, ada, inbox):
    rule = actions.keep_ready("closing", actor=boss)
    actions.switch(rule.pk, on=True, actor=boss)
    now = clock.now()
    talks.reply(conversation.pk, actor=bo, body="Did it arrive?", at=now)
    run(now + 3 * DAY + timedelta(minutes=1))
    heard()
    customer = Actor.customer(ada.pk, inbox.pk, name=ada.name)
    talks.hear(conversation.pk, actor=customer, body="Not yet", client_id="word", person_id=ada.pk)
    run(now + 5 * DAY + timedelta(minutes=2))
    conversation.refresh_from_db()
    assert conversation.state == "open"
    assert not Pause.objects.exists()


def test_the_ready_rule_begins_a_new_conversation_after_its_days(conversation, bo, boss, heard):
    rule = actions.keep_ready("following", actor=boss)
    actions.switch(rule.pk, on=True, actor=boss)
    now = clock.now()
    talks.resolve(conversation.pk, actor=bo)
    heard()
    conversation.refresh_from_db()
    assert conversation.joins is True
    run(now + 29 * DAY)
    conversation.refresh_from_db()
    assert conversation.joins is True
    run(now + 31 * DAY)
    conversation.refresh_from_db()
    assert conversation.joins is False


def test_what_a_rule_put_off_is_dropped_when_it_is_off(conversation, bo, boss, heard):
    rule = actions.keep_ready("following", actor=boss)
    actions.switch(rule.pk, on=True, actor=boss)
    talks.resolve(conversation.pk, actor=bo)
    heard()
    actions.switch(rule.pk, on=False, actor=boss)
    run(clock.now() + 31 * DAY)
    conversation.refresh_from_db()
    assert (conversation.joins, Pause.objects.count()) == (True, 0)


def test_a_rule_goes_on_by_the_version_it_began_with(conversation, bo, boss, ruled, heard):
    heard()
    rule = ruled(
        {"kind": "message.noted"}, {"do": "tag", "tags": ["a"]}, {"do": "wait", "minutes": 5},
        {"do": "priority", "priority": 1},
    )  # fmt: skip
    talks.note(conversation.pk, actor=bo, body="Go")
    heard()
    actions.keep("One", {"kind": "message.noted"}, {}, [{"do": "tag", "tags": ["b"]}], actor=boss, rule_id=rule.pk)
    run(clock.now() + timedelta(minutes=6))
    conversation.refresh_from_db()
    assert (conversation.tags, conversation.priority) == (["a"], 1)
    assert Rule.objects.get().version == 2
