"""A customer comes in by a mailed link, and sees and continues their own conversations and nobody else's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from careline import contact
from careline.channels.models import Inbox, Outbox
from careline.channels.outbox import unasked
from careline.contact.models import Decision
from careline.customers import actions as customers
from careline.customers.models import Identity, Person
from careline.kit import clock, signing
from careline.kit.refusals import NotVisible, Refused
from careline.service.conversations import actions as talks
from careline.service.conversations.models import Conversation, Message
from careline.service.portal import actions, queries
from careline.service.portal.models import Link, Visit
from careline.touchpoints.models import Touchpoint


@pytest.fixture
def mailbox(organization) -> Inbox:
    settings = {"address": "help@harbor.example", "sender": "Harbor Goods"}
    return Inbox.objects.create(
        kind="email", name="Mail", key="mail", secret=signing.seal(b"m" * 32), settings=settings, delivery="push"
    )


@pytest.fixture
def secret(mailbox):
    """What stands in the mail somebody asked for."""

    def secret(address="Ada@example.com "):
        actions.ask(address, language="en")
        return re.search(r"/help/own/open/([\w-]+)", Outbox.objects.latest("pk").payload["text"])[1]

    return secret


def test_a_link_lets_its_reader_in_once(conversation, secret):
    opened = secret()
    assert queries.is_open(opened)
    ada = queries.signed(actions.enter(opened))
    assert (ada.name, ada.address, ada.proved) == ("Ada Moreau", "Ada@Example.com", True)
    assert [one.last for one in queries.talks(ada)] == ["My order is late."]
    with pytest.raises(actions.NotOpen):
        actions.enter(opened)
    assert not queries.is_open(opened)


def test_an_old_link_lets_nobody_in(conversation, secret, mailbox):
    opened = secret()
    Link.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(actions.NotOpen):
        actions.enter(opened)
    with pytest.raises(actions.NotOpen):
        actions.enter("made-up")


def test_nobody_learns_who_is_known(conversation, mailbox):
    actions.ask("nobody@example.com", language="en")
    assert not Outbox.objects.exists()
    with pytest.raises(Refused) as told:
        actions.ask("not an address", language="en")
    assert told.value.field == "address"


def test_without_a_mailbox_there_is_no_way_in(conversation):
    assert not queries.is_there()
    with pytest.raises(NotVisible):
        actions.ask("ada@example.com", language="en")


def test_the_link_is_for_its_reader_alone(conversation, secret, ada):
    """Whoever answers customers sees it nowhere: not on the line, not in the thread."""
    opened = secret()
    row = Outbox.objects.get()
    assert unasked([row.pk]) == []
    moments = Touchpoint.objects.filter(kind__in=["outbound.queued", "contact.decided"])
    assert moments.count() == 2
    assert not [one for one in moments if opened in str(one.facts)]
    assert not Message.objects.filter(body__contains=opened).exists()
    assert opened not in str(list(Link.objects.values()))


def test_who_wants_nothing_from_us_still_comes_in(conversation, secret, ada, boss):
    """They asked for it; it is no contact of ours, and none of the limits counts it."""
    customers.say_consent(ada.pk, "any", given=False, actor=boss)
    contact.hold(ada.pk, "Leave them alone", actor=boss)
    assert queries.signed(actions.enter(secret()))
    assert Decision.objects.filter(allowed=True, purpose="sign-in").count() == 1
    assert not contact.decide(ada.pk, "outreach", "email", "k").allowed


def test_who_is_blocked_is_sent_nothing(conversation, mailbox, ada, boss):
    customers.block(ada.pk, actor=boss)
    actions.ask("ada@example.com", language="en")
    assert not Outbox.objects.exists()


def test_others_conversations_are_not_there(conversation, secret, inbox, nine):
    lin = Person.objects.create(name="Lin Other")
    Identity.objects.create(
        person=lin, kind="email", value="lin@example.com", original="lin@example.com", verified=True
    )
    other = queries.signed(actions.enter(secret("lin@example.com")))
    assert queries.talks(other) == []
    for look in (
        lambda: queries.thread(other, conversation.pk),
        lambda: actions.write(conversation.pk, "Mine now", by=other, once="a"),
        lambda: queries.thread(other, 0),
    ):
        with pytest.raises(NotVisible):
            look()


def test_an_address_somebody_only_claimed_shows_what_went_by_it_alone(conversation, secret, ada):
    """Ada's chat is not Bob's to see because she, or a slip of hers, named his address there."""
    Identity.objects.create(person=ada, kind="email", value="bob@example.com", original="bob@example.com")
    bob = queries.signed(actions.enter(secret("bob@example.com")))
    assert (bob.proved, queries.talks(bob)) == (False, [])
    Conversation.objects.filter(pk=conversation.pk).update(participants=["bob@example.com"])
    assert [one.id for one in queries.talks(bob)] == [conversation.pk]


def test_what_is_written_goes_on_in_the_conversation_and_opens_it_again(conversation, secret, bo, ada):
    talks.note(conversation.pk, actor=bo, body="Careful with her.")
    talks.reply(conversation.pk, actor=bo, body="It is on its way.")
    talks.resolve(conversation.pk, actor=bo)
    signed = queries.signed(actions.enter(secret()))
    for _twice in range(2):
        actions.write(conversation.pk, "Still not here.", by=signed, once="portal:1")
    talk, rows = queries.thread(signed, conversation.pk)
    assert [one.body for one in rows] == ["Still not here.", "It is on its way.", "My order is late."]
    assert (talk.state, talk.waiting_on) == ("open", "us")


def test_a_note_is_never_the_last_word_of_the_list(conversation, secret, bo):
    talks.note(conversation.pk, actor=bo, body="Careful with her.")
    assert queries.talks(queries.signed(actions.enter(secret())))[0].last == "My order is late."


def test_whoever_leaves_or_is_erased_is_out(conversation, secret, boss, ada):
    key = actions.enter(secret())
    actions.leave(key)
    assert queries.signed(key) is None
    key = actions.enter(secret())
    from careline.privacy import actions as privacy

    privacy.erase(ada.pk, actor=boss)
    assert queries.signed(key) is None
    assert not Visit.objects.exists()
    assert not Link.objects.exists()
