"""What becomes of a conversation: resolved, snoozed, put away, given to somebody; each a line and a moment."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from careline.accounts.models import Agent, Team
from careline.customers import actions as customers
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.conversations import actions, queries, tally
from careline.service.conversations.hot import words
from careline.service.conversations.models import AlreadyResolved, Conversation

pytestmark = pytest.mark.django_db


def test_resolving_a_conversation_joins_the_line(conversation, bo, ada, nine, line_of):
    actions.resolve(conversation.pk, actor=bo, at=nine + timedelta(minutes=42))
    moment = line_of(ada.pk)[-1]
    assert moment.kind == "conversation.resolved"
    assert moment.facts == {"conversation": conversation.pk, "minutes_open": 42}
    assert (moment.actor_kind, moment.actor_id) == ("agent", bo.agent_id)


def test_whoever_comes_second_is_told(conversation, bo, cy):
    actions.resolve(conversation.pk, actor=bo)
    with pytest.raises(AlreadyResolved):
        actions.resolve(conversation.pk, actor=cy)


@pytest.mark.parametrize(("state", "resolved_at"), [("resolved", None), ("open", "now")])
def test_the_database_refuses_half_resolved_rows(conversation, nine, state, resolved_at):
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.filter(pk=conversation.pk).update(state=state, resolved_at=nine if resolved_at else None)


def test_a_snooze_ends_by_itself_once(conversation, bo, ada, line_of):
    now = clock.now()
    actions.snooze(conversation.pk, actor=bo, until=now + timedelta(hours=1))
    assert actions.wake_due(at=now) == 0
    assert actions.wake_due(at=now + timedelta(hours=1)) == 1
    assert actions.wake_due(at=now + timedelta(hours=1)) == 0
    conversation.refresh_from_db()
    assert (conversation.state, conversation.snoozed_until) == ("open", None)
    assert [m.kind for m in line_of(ada.pk)][-2:] == ["conversation.snoozed", "conversation.woken"]


def test_a_snooze_into_the_past_is_refused(conversation, bo):
    with pytest.raises(Refused):
        actions.snooze(conversation.pk, actor=bo, until=clock.now() - timedelta(seconds=1))


def test_spam_and_trash_can_be_undone_and_nothing_else_leads_out(conversation, bo):
    for put_away in (actions.spam, actions.trash):
        put_away(conversation.pk, actor=bo)
        with pytest.raises(Conflicting):
            put_away(conversation.pk, actor=bo)
        with pytest.raises(Conflicting):
            actions.reopen(conversation.pk, actor=bo)
        assert actions.restore(conversation.pk, actor=bo).state == "open"
    with pytest.raises(Conflicting):
        actions.restore(conversation.pk, actor=bo)


def test_a_conversation_is_given_to_who_works_there_and_to_nobody_else(conversation, bo, dee, cy):
    given = actions.assign(conversation.pk, actor=bo, agent_id=bo.agent_id)
    assert (given.assignee_id, given.handled_by) == (bo.agent_id, "agent")
    assert actions.assign(conversation.pk, actor=bo, agent_id=cy.agent_id).assignee_id == cy.agent_id
    with pytest.raises(Refused):
        actions.assign(conversation.pk, actor=bo, agent_id=dee.agent_id)
    with pytest.raises(NotVisible):
        actions.assign(conversation.pk, actor=bo, team_id=10**9)
    assert actions.assign(conversation.pk, actor=bo).handled_by == "queue"


def test_giving_it_to_who_has_it_already_changes_nothing(conversation, bo):
    first = actions.assign(conversation.pk, actor=bo, agent_id=bo.agent_id)
    assert actions.assign(conversation.pk, actor=bo, agent_id=bo.agent_id).last_seq == first.last_seq


def test_the_system_line_names_the_team(conversation, bo):
    team = Team.objects.create(name="Returns")
    actions.assign(conversation.pk, actor=bo, team_id=team.pk)
    assert queries.thread(bo, conversation.pk)[0].event is not None
    assert "Returns" in (queries.thread(bo, conversation.pk)[0].event or "")


@pytest.fixture
def order(boss):
    """The attribute that is described."""
    return customers.define_attribute("order", "Order", "text", of="conversation", actor=boss)


VERBS = {
    "resolve": (actions.resolve, {}, "conversation.resolved"),
    "snooze": (actions.snooze, {"until": clock.now() + timedelta(days=1)}, "conversation.snoozed"),
    "spam": (actions.spam, {}, "conversation.marked"),
    "trash": (actions.trash, {}, "conversation.marked"),
    "assign": (actions.assign, {"agent_id": "me"}, "conversation.assigned"),
    "prioritize": (actions.prioritize, {"priority": 4}, "conversation.prioritized"),
    "describe": (actions.describe, {"values": {"order": "A-17"}}, "conversation.described"),
    "tag": (actions.tag, {"tags": ["late"]}, "conversation.tagged"),
    "reply": (actions.reply, {"body": "x"}, "message.sent"),
    "note": (actions.note, {"body": "x"}, "message.noted"),
}


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_writes_exactly_the_moment_it_names_and_one_number(order, conversation, bo, ada, line_of, name):
    verb, given, kind = VERBS[name]
    before = len(line_of(ada.pk))
    verb(conversation.pk, actor=bo, **{k: bo.agent_id if v == "me" else v for k, v in given.items()})
    after = line_of(ada.pk)
    assert [moment.kind for moment in after[before:]] == [kind]
    conversation.refresh_from_db()
    assert conversation.last_seq == 2
    assert list(conversation.messages.order_by("seq").values_list("seq", flat=True)) == [1, 2]


@pytest.mark.parametrize("name", VERBS)
def test_a_stranger_gets_nothing_by_any_verb(conversation, bo, dee, name):
    verb, given, _kind = VERBS[name]
    given = {k: bo.agent_id if v == "me" else v for k, v in given.items()}
    with pytest.raises(NotVisible):
        verb(conversation.pk, actor=dee, **given)
    looker = type(bo)("agent", bo.id, "An", bo.agent_id, frozenset({"conversations.view"}), bo.inbox_ids)
    with pytest.raises(NotAllowed):
        verb(conversation.pk, actor=looker, **given)
    conversation.refresh_from_db()
    assert conversation.last_seq == 1


def test_seen_only_rises_and_never_beyond_what_was_said(conversation, bo):
    actions.mark_seen(conversation.pk, actor=bo, seq=99)
    conversation.refresh_from_db()
    assert conversation.seen_seq == 1
    actions.mark_seen(conversation.pk, actor=bo, seq=0)
    conversation.refresh_from_db()
    assert conversation.seen_seq == 1


def counted(actor):
    """The counts, counted."""
    mine = Conversation.objects.visible_to(actor)
    live = mine.filter(state="open")
    return (
        live.filter(assignee_id=actor.agent_id).count(),
        live.filter(assignee=None).count(),
        live.count(),
        mine.filter(state="snoozed").count(),
    )


def test_kept_counts_are_the_counts_through_any_walk(bo, cy, inbox):
    chance = random.Random(5)
    said = [
        actions.open_with(actor=bo, inbox_id=inbox.pk, person=words.who(email=f"p{n}@example.com"), body="x")
        for n in range(12)
    ]
    verbs = [
        lambda c: actions.resolve(c, actor=bo),
        lambda c: actions.reopen(c, actor=bo),
        lambda c: actions.snooze(c, actor=bo, until=clock.now() + timedelta(days=1)),
        lambda c: actions.assign(c, actor=bo, agent_id=chance.choice([bo.agent_id, cy.agent_id, None])),
        lambda c: actions.trash(c, actor=bo),
        lambda c: actions.restore(c, actor=bo),
    ]
    for step in range(120):
        try:
            chance.choice(verbs)(chance.choice(said).conversation_id)
        except Conflicting:
            continue
        if step % 30 == 0:
            tally.add_up()
        for actor in (bo, cy):
            counts = queries.counts(actor)
            assert (counts.mine, counts.unassigned, counts.all, counts.snoozed) == counted(actor)


def test_tags_keep_their_order_and_their_limits(conversation, bo):
    assert actions.tag(conversation.pk, actor=bo, tags=["b", "a", "b"]).tags == ["b", "a"]
    for wrong in (["x" * 61], [str(n) for n in range(31)], [" "]):
        with pytest.raises(Refused):
            actions.tag(conversation.pk, actor=bo, tags=wrong)


def test_an_agent_who_left_is_given_nothing(conversation, bo, cy):
    Agent.objects.filter(pk=cy.agent_id).update(is_active=False)
    with pytest.raises(Refused):
        actions.assign(conversation.pk, actor=bo, agent_id=cy.agent_id)
