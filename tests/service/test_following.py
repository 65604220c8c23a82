"""Colleagues follow a conversation unseen: what others do there reaches them by mail, and no customer learns of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from careline.accounts import actions as accounts
from careline.accounts.actor import SYSTEM, Actor
from careline.accounts.models import Agent
from careline.channels.models import Membership
from careline.kit import clock, mail
from careline.kit.refusals import NotVisible
from careline.service.conversations import actions, queries
from careline.service.conversations.models import Conversation, Follower, Message
from careline.service.notices import actions as notices
from careline.service.notices.models import Notice
from careline.service.notices.reactions import note
from careline.service.notices.words import HAPPENED
from careline.touchpoints.models import Touchpoint
from careline.touchpoints.moments import Moment

pytestmark = pytest.mark.django_db
Told = Callable[..., list[mail.Sent]]


@pytest.fixture
def told() -> Iterator[Told]:
    """The mails that leave for what has happened since it was asked last, once it has been quiet for so long."""
    mail.outbox.clear()
    heard: set[object] = set()

    def told(quiet: timedelta = notices.QUIET + timedelta(seconds=5)) -> list[mail.Sent]:
        rows = [one for one in Touchpoint.objects.order_by("recorded_at", "id") if one.id not in heard]
        heard.update(one.id for one in rows)
        wanted = [one for one in rows if one.kind in HAPPENED]
        if wanted:
            note([Moment(**{name: getattr(one, name) for name in Moment.__struct_fields__}) for one in wanted])
        before = len(mail.outbox)
        notices.tell(at=clock.now() + quiet)
        return mail.outbox[before:]

    yield told
    mail.outbox.clear()


@pytest.fixture
def followed(conversation, bo, cy, told) -> Conversation:
    """Cy follows what Bo works on."""
    told()
    actions.follow(conversation.pk, actor=cy)
    return conversation


def hear(talk: Conversation, words: str = "Any news?") -> None:
    customer = Actor.customer(talk.person_id, talk.inbox_id, name="Ada Moreau")
    actions.hear(talk.pk, actor=customer, body=words, person_id=talk.person_id)


def test_a_follower_is_told_of_what_others_do_in_one_mail(followed, bo, cy, told):
    hear(followed)
    actions.reply(followed.pk, actor=bo, body="It leaves today.")
    actions.resolve(followed.pk, actor=bo)
    [sent] = told()
    assert (sent.to, sent.subject) == ("cy@harbor.example", f"#{followed.pk}: 3 things happened")
    happened = ["The customer wrote", "Bo Lindgren answered", "Bo Lindgren resolved it"]
    assert [line[18:] for line in sent.text.splitlines()[2:5]] == happened
    assert f"/desk/{followed.pk}\n" in sent.text
    assert told() == []
    assert not Notice.objects.exists()


def test_the_mail_holds_neither_words_nor_name_of_the_customer(followed, bo, told):
    hear(followed, "My number is 4711.")
    actions.note(followed.pk, actor=bo, body="Ada is right.")
    [sent] = told()
    assert not [word for word in ("Ada", "Moreau", "4711", "right") if word in sent.subject + sent.text]


def test_nobody_hears_of_what_they_did_themselves_by_hand_or_by_a_program(followed, cy, told):
    actions.note(followed.pk, actor=cy, body="I will watch this.")
    token, _secret = accounts.create_token(cy.agent_id, name="Script", actor=SYSTEM)
    program = Actor("token", token.pk, cy.name, cy.agent_id, cy.permissions, cy.inbox_ids)
    actions.resolve(followed.pk, actor=program)
    assert told() == []


def test_it_waits_until_it_is_quiet_but_not_for_ever(followed, bo, told):
    hear(followed)
    assert told(timedelta()) == []
    Notice.objects.update(noted_at=clock.now() - notices.LATEST)
    hear(followed)
    assert [one.subject for one in told(timedelta())] == [f"#{followed.pk}: 2 things happened"]


def test_what_was_before_somebody_followed_is_not_told(followed, told):
    Follower.objects.update(since=clock.now() + timedelta(minutes=1))
    hear(followed)
    assert told() == []


def test_whoever_may_no_longer_see_it_hears_nothing_and_is_not_named(followed, conversation, bo, cy, told):
    actions.follow(conversation.pk, actor=bo)
    assert [one.name for one in queries.followers(cy, conversation.pk)] == ["Bo Lindgren", "Cy Okafor"]
    hear(conversation)
    Membership.objects.filter(agent_id=bo.agent_id).delete()
    assert [one.to for one in told()] == ["cy@harbor.example"]
    assert [one.name for one in queries.followers(cy, conversation.pk)] == ["Cy Okafor"]
    Agent.objects.filter(pk=cy.agent_id).update(is_active=False)
    hear(conversation)
    assert told() == []
    assert not Notice.objects.exists()


def test_whoever_follows_no_longer_hears_nothing_of_what_was_before_either(followed, cy, told):
    hear(followed)
    assert actions.unfollow(followed.pk, actor=cy)
    assert not actions.unfollow(followed.pk, actor=cy)
    assert told() == []


def test_only_who_sees_a_conversation_follows_it(conversation, hire, inbox, dee, ada):
    with pytest.raises(NotVisible):
        actions.follow(conversation.pk, actor=dee)
    with pytest.raises(NotVisible):
        actions.unfollow(conversation.pk, actor=dee)
    with pytest.raises(NotVisible):
        queries.followers(dee, conversation.pk)
    looks = hire("Ana Lyst", role="analyst").as_actor((inbox.pk,))
    assert actions.follow(conversation.pk, actor=looks)
    assert not actions.follow(conversation.pk, actor=looks)
    assert [one.name for one in queries.followers(looks, conversation.pk)] == ["Ana Lyst"]


def test_following_leaves_nothing_a_customer_could_see(followed, cy, line_of, ada, inbox):
    before = (Message.objects.count(), len(line_of(ada.pk)), Conversation.objects.values().get())
    actions.unfollow(followed.pk, actor=cy)
    actions.follow(followed.pk, actor=cy)
    assert (Message.objects.count(), len(line_of(ada.pk)), Conversation.objects.values().get()) == before
    assert queries.shared_with(ada.pk, conversation_id=followed.pk, inbox_id=inbox.pk)[0].kind == "incoming"


def test_each_is_told_in_their_language_and_by_their_clock(followed, bo, cy, told):
    Agent.objects.filter(pk=cy.agent_id).update(language="ar", zone="Asia/Jakarta")
    actions.resolve(followed.pk, actor=bo, at=clock.now())
    at = Touchpoint.objects.get(kind="conversation.resolved").occurred_at
    [sent] = told()
    assert "resolved" not in sent.text
    assert f"{at + timedelta(hours=7):%Y-%m-%d %H:%M}" in sent.text


def test_a_mail_that_does_not_leave_is_tried_again_for_a_day(followed, told, monkeypatch):
    def away(*_: object) -> None:
        raise mail.NotSent("nobody answers")

    hear(followed)
    with monkeypatch.context() as patch:
        patch.setattr(mail, "send", away)
        assert told() == []
    assert len(told()) == 1
    hear(followed)
    with monkeypatch.context() as patch:
        patch.setattr(mail, "send", away)
        assert told(notices.PATIENCE + timedelta(minutes=1)) == []
    assert not Notice.objects.exists()


def test_the_view_lists_what_one_follows_and_still_sees(followed, bo, cy, elsewhere):
    assert [one.id for one in queries.listed(cy, view="followed")] == [followed.pk]
    assert queries.listed(bo, view="followed") == []
    assert queries.listed(cy, view="followed", state="resolved") == []
    elsewhere_alone = type(cy)("agent", cy.id, cy.name, cy.agent_id, cy.permissions, (elsewhere.pk,))
    assert queries.listed(elsewhere_alone, view="followed") == []
