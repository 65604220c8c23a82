"""A customer who was known under two ids is one in conversations too, and after a split each has their own."""

from __future__ import annotations

import pytest

from careline.accounts.actor import Actor
from careline.customers import actions as customers
from careline.customers.models import Identity
from careline.kit.refusals import NotVisible
from careline.service.conversations import actions, queries
from careline.service.conversations.hot import read, receive, words
from careline.service.conversations.models import Conversation, Message
from careline.touchpoints import queries as touchpoints

pytestmark = pytest.mark.django_db

GUEST = words.who(name="Guest", visitor="v-1", scope="inbox:1")


@pytest.fixture
def guest(inbox, bo) -> int:
    """A conversation of a browser nobody knew by name."""
    said = actions.receive(
        actor=Actor.customer(0, inbox.pk), inbox_id=inbox.pk, person=GUEST, body="Where is it?", client_id="g1"
    )
    return said.conversation_id


@pytest.fixture
def merged(guest, ada, bo):
    return customers.merge(ada.pk, Conversation.objects.get(pk=guest).person_id, actor=bo)


def said_again(inbox, client_id: str, body: str = "And now?"):
    return actions.receive(
        actor=Actor.customer(0, inbox.pk), inbox_id=inbox.pk, person=GUEST, body=body, client_id=client_id
    )


def test_further_words_of_a_joined_visitor_join_their_conversation(guest, merged, inbox, ada, line_of):
    said = said_again(inbox, "g2")
    assert said.conversation_id == guest
    message = Message.objects.get(pk=said.message_id)
    # Written under the id the conversation was begun with, so that a split takes it along.
    assert message.author_id == merged.joined_id
    assert line_of(merged.joined_id)[-1].kind == "message.received"
    assert Conversation.objects.count() == 1


def test_words_sent_twice_around_a_merge_are_written_once(guest, merged, inbox):
    again = said_again(inbox, "g1", "Where is it?")
    assert (again.repeated, again.conversation_id) == (True, guest)
    first, second = said_again(inbox, "g2"), said_again(inbox, "g2")
    assert (second.repeated, first.message_id) == (True, second.message_id)
    assert Message.objects.count() == 2


def test_first_words_sent_again_after_a_merge_open_no_second_conversation(guest, merged, inbox, bo):
    again = actions.open_with(actor=bo, inbox_id=inbox.pk, person=GUEST, body="Where is it?", client_id="g1")
    assert (again.repeated, again.conversation_id) == (True, guest)
    other = actions.open_with(actor=bo, inbox_id=inbox.pk, person=GUEST, body="Something else", client_id="g9")
    assert (other.repeated, other.conversation_id == guest) == (False, False)
    with pytest.raises(NotVisible, match="inbox"):
        actions.open_with(actor=bo, inbox_id=999, person=GUEST, body="Where is it?", client_id="g1")


def test_what_two_agents_say_is_told_apart_by_who_speaks(conversation, bo, cy):
    first = actions.reply(conversation.pk, actor=bo, body="One", client_id="same")
    assert actions.reply(conversation.pk, actor=bo, body="One", client_id="same").message_id == first.message_id
    assert actions.reply(conversation.pk, actor=cy, body="Two", client_id="same").message_id != first.message_id


def test_rows_and_the_page_show_both_and_then_each_their_own(guest, merged, conversation, ada, bo):
    assert {row.id for row in queries.of_person(bo, ada.pk)} == {guest, conversation.pk}
    assert {row.id for row in queries.of_person(bo, merged.joined_id)} == {guest, conversation.pk}
    assert {row.person_name for row in queries.listed(bo, view="all")} == {"Ada Moreau"}
    [place] = read.OF_PEOPLE.all(people=[merged.joined_id], limit=9)
    assert place.id == guest
    assert {one.id for one in read.OF_PEOPLE.all(people=[ada.pk], limit=9)} == {guest, conversation.pk}
    customers.split(merged.pk, actor=bo)
    assert [row.id for row in queries.of_person(bo, ada.pk)] == [conversation.pk]
    assert [row.id for row in queries.of_person(bo, merged.joined_id)] == [guest]
    assert {row.person_name for row in queries.listed(bo, view="all")} == {"Ada Moreau", "Guest"}


def test_the_line_of_both_is_one_page_after_page(guest, merged, conversation, ada, bo):
    ids = [ada.pk, merged.joined_id]
    whole = touchpoints.line(bo, ids, limit=100)
    assert {one.person_id for one in whole} == set(ids)
    assert [(one.occurred_at, one.id) for one in whole] == sorted(
        ((one.occurred_at, one.id) for one in whole), reverse=True
    )
    pages, before = [], None
    while page := touchpoints.line(bo, ids, before=before, limit=2):
        pages += page
        before = (page[-1].occurred_at, page[-1].id)
    assert pages == whole


def test_a_visitor_finds_their_thread_under_every_id(guest, merged, inbox, ada, bo):
    given = words.first_words(actor=bo, inbox_id=inbox.pk, person=GUEST, body="-")
    placed = receive.PLACE.one(**given)
    assert (placed.person_id, placed.conversation_id) == (ada.pk, guest)
    assert placed.ids == [ada.pk, merged.joined_id]
    for person in placed.ids:
        assert read.SHARED.all(conversation=guest, inbox=inbox.pk, person=person, after=0, limit=9)
    customers.split(merged.pk, actor=bo)
    placed = receive.PLACE.one(**given)
    assert (placed.person_id, placed.ids) == (merged.joined_id, [merged.joined_id])
    assert read.SHARED.all(conversation=guest, inbox=inbox.pk, person=merged.joined_id, after=0, limit=9)
    assert not read.SHARED.all(conversation=guest, inbox=inbox.pk, person=ada.pk, after=0, limit=9)


def test_whoever_is_blocked_under_one_id_is_heard_as_spam_under_the_other(ada, guest, inbox, bo):
    customers.block(ada.pk, actor=bo)
    entry = customers.merge(Conversation.objects.get(pk=guest).person_id, ada.pk, actor=bo)
    Conversation.objects.update(state="trash")
    said = said_again(inbox, "g3")
    assert Conversation.objects.get(pk=said.conversation_id).state == "spam"
    customers.split(entry.pk, actor=bo)
    Conversation.objects.update(state="trash")
    assert Conversation.objects.get(pk=said_again(inbox, "g4").conversation_id).state == "open"


def test_a_new_conversation_of_a_joined_visitor_is_the_kept_ones(guest, merged, inbox, ada):
    Conversation.objects.update(state="trash")
    said = said_again(inbox, "g5")
    assert said.person_id == ada.pk
    assert Identity.objects.get(kind="visitor").person_id == merged.joined_id
