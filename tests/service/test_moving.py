"""Words in the wrong conversation go to the right one, nobody else sees them, and they find their way back."""

from __future__ import annotations

import pytest

from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.models import Conversation, Message
from tests.service.moving import hand, mailbox, message_of, numbers_fit, said_in, talk

__all__ = ["hand", "mailbox", "talk"]

pytestmark = pytest.mark.django_db


def test_what_follows_a_message_becomes_a_conversation_of_its_own(talk, bo, ada, line_of):
    moved = actions.split(talk.pk, message_of(talk.pk, "And my lamp is broken.").pk, actor=bo)
    assert said_in(talk.pk) == ["My order is late.", "It leaves today."]
    assert said_in(moved.conversation) == ["And my lamp is broken.", "A second matter.", "It was the green lamp."]
    left, new = numbers_fit(talk.pk), numbers_fit(moved.conversation)
    assert (left.preview, left.preview_by, left.waiting_on) == ("It leaves today.", "us", "customer")
    assert (new.preview, new.preview_by, new.waiting_on) == ("It was the green lamp.", "customer", "us")
    assert left.first_replied_at is not None
    assert new.first_replied_at is None
    assert new.person_id == ada.pk
    assert new.opened_at == message_of(new.pk, "And my lamp is broken.").occurred_at
    told = [(m.kind, m.source) for m in line_of(ada.pk) if m.recorded_at >= new.opened_at]
    here, there = f"conversation:{talk.pk}", f"conversation:{new.pk}"
    assert told[-3:] == [("conversation.opened", there), ("message.moved", there), ("message.moved", here)]


def test_one_message_alone_is_taken_out_of_the_middle(talk, bo):
    moved = actions.split(talk.pk, message_of(talk.pk, "And my lamp is broken.").pk, actor=bo, alone=True)
    assert said_in(moved.conversation) == ["And my lamp is broken."]
    assert said_in(talk.pk) == ["My order is late.", "It leaves today.", "A second matter.", "It was the green lamp."]


def test_both_threads_keep_a_line_that_leads_to_the_other(talk, bo):
    moved = actions.split(talk.pk, message_of(talk.pk, "And my lamp is broken.").pk, actor=bo)
    events = {
        number: Message.objects.filter(conversation=number, kind="system").values_list("event", flat=True)[0]
        for number in (talk.pk, moved.conversation)
    }
    assert (events[talk.pk]["way"], events[talk.pk]["other_conversation"]) == ("out", moved.conversation)
    assert (events[moved.conversation]["way"], events[moved.conversation]["other_conversation"]) == ("in", talk.pk)
    assert events[talk.pk]["messages"] == [str(one) for one in moved.messages]


def test_taken_back_everything_stands_where_it_stood(talk, bo):
    before = list(talk.messages.order_by("seq").values_list("pk", "seq", "shared_seq"))
    moved = actions.split(talk.pk, message_of(talk.pk, "And my lamp is broken.").pk, actor=bo)
    actions.reply(talk.pk, actor=bo, body="Said in between.")
    actions.take_back(moved.conversation, moved.seq, actor=bo)
    rows = Message.objects.filter(pk__in=[one for one, _seq, _shared in before])
    assert list(rows.order_by("seq").values_list("pk", "seq", "shared_seq")) == before
    assert not Message.objects.filter(origin__isnull=False).exists()
    left = numbers_fit(talk.pk)
    assert (left.preview, left.waiting_on) == ("Said in between.", "customer")
    assert Conversation.objects.get(pk=moved.conversation).state == "trash"
    with pytest.raises(Conflicting):
        actions.take_back(moved.conversation, moved.seq, actor=bo)


def test_a_conversation_that_is_moved_whole_is_put_away_and_comes_back(talk, bo, ada, inbox, nine):
    other = Conversation.objects.create(inbox=inbox, person=ada, channel="webchat", opened_at=nine, active_at=nine)
    other.refresh_from_db()
    everything = list(talk.messages.exclude(kind="system").values_list("pk", flat=True))
    moved = actions.rethread(everything, other.pk, actor=bo)
    talk.refresh_from_db()
    assert (talk.state, talk.preview, talk.heard_seq) == ("trash", "", 0)
    assert len(said_in(other.pk)) == 5
    actions.take_back(other.pk, moved.seq, actor=bo)
    talk.refresh_from_db()
    assert talk.state == "open"
    assert len(said_in(talk.pk)) == 5


def test_everything_cannot_be_split_from_itself(talk, bo):
    with pytest.raises(Conflicting):
        actions.split(talk.pk, message_of(talk.pk, "My order is late.").pk, actor=bo)


def test_what_was_read_stays_read_and_what_was_not_stays_unread(talk, bo):
    actions.mark_seen(talk.pk, actor=bo, seq=99)
    read = actions.split(talk.pk, message_of(talk.pk, "It was the green lamp.").pk, actor=bo)
    assert not queries.one(bo, read.conversation).unread
    actions.hear(talk.pk, actor=bo, body="Nobody has read this.")
    unread = actions.split(talk.pk, message_of(talk.pk, "Nobody has read this.").pk, actor=bo)
    assert queries.one(bo, unread.conversation).unread
    assert not queries.one(bo, talk.pk).unread


def test_open_words_open_a_closed_conversation_again(talk, bo):
    moved = actions.split(talk.pk, message_of(talk.pk, "It was the green lamp.").pk, actor=bo)
    actions.resolve(talk.pk, actor=bo)
    actions.rethread(moved.messages, talk.pk, actor=bo)
    talk.refresh_from_db()
    assert (talk.state, talk.waiting_on) == ("open", "us")


def test_what_happened_cannot_be_moved(talk, bo):
    actions.tag(talk.pk, actor=bo, tags=["lamp"])
    line = talk.messages.get(kind="system")
    with pytest.raises(NotVisible):
        actions.split(talk.pk, line.pk, actor=bo)
    other = actions.split(talk.pk, message_of(talk.pk, "It was the green lamp.").pk, actor=bo)
    with pytest.raises(Refused):
        actions.rethread([line.pk], other.conversation, actor=bo)


def test_whoever_may_not_hand_over_may_not_move_and_strangers_find_nothing(talk, bo, dee, cy, ada, elsewhere, nine):
    message = message_of(talk.pk, "It was the green lamp.").pk
    looker = type(bo)("agent", bo.id, "An", bo.agent_id, frozenset({"conversations.view"}), bo.inbox_ids)
    for actor, refusal in ((dee, NotVisible), (looker, NotAllowed)):
        with pytest.raises(refusal):
            actions.split(talk.pk, message, actor=actor)
    other = Conversation.objects.create(inbox=elsewhere, person=ada, channel="api", opened_at=nine, active_at=nine)
    with pytest.raises(NotVisible):
        actions.rethread([message], other.pk, actor=bo)
    owner = type(cy)("agent", cy.id, cy.name, cy.agent_id, cy.permissions, (talk.inbox_id, elsewhere.pk))
    with pytest.raises(Refused, match="same inbox"):
        actions.rethread([message], other.pk, actor=owner)
    assert len(said_in(talk.pk)) == 5
