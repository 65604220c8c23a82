"""A survey goes into the conversation it is about, and what is tapped or typed there is its answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from careline import contact
from careline.accounts.actor import Actor
from careline.channels.models import Outbox
from careline.contact.models import Decision
from careline.customers.models import Identity
from careline.experience.surveys import actions, delivery
from careline.experience.surveys.delivery.reactions import take_answers
from careline.experience.surveys.models import Response
from careline.experience.surveys.shapes import Option, Question
from careline.kit import clock, personal
from careline.kit.refusals import Conflicting, Refused
from careline.service.conversations import actions as conversations
from careline.service.conversations.hot import words
from careline.service.conversations.models import Conversation, Message
from careline.service.conversations.reactions import show_asked
from careline.touchpoints.models import Touchpoint
from tests.experience.asked import own

CSAT = Question(
    key="csat", type="csat", words={"en": "How was it, {name}?"}, low={"en": "Bad"}, high={"en": "Good"},
    comment={"en": "What made it so?"}, required=True,
)  # fmt: skip
SETTLED = Question(
    key="settled", type="single", words={"en": "Settled?"},
    options=[Option(key="y", words={"en": "Yes"}), Option(key="n", words={"en": "No, {name}"})],
)  # fmt: skip


@pytest.fixture
def turn() -> Callable[[], None]:
    """What was recorded is told to those who listen, as the worker does."""
    told: set[Any] = set()

    def turn() -> None:
        while fresh := [one for one in Touchpoint.objects.order_by("id") if one.pk not in told]:
            told.update(one.pk for one in fresh)
            show_asked([one for one in fresh if one.kind == "outbound.queued"])
            take_answers([one for one in fresh if one.kind == "reply.expected"])

    return turn


@pytest.fixture
def resolved(conversation: Conversation, ada, inbox, boss) -> Conversation:
    Identity.objects.create(person=ada, kind="visitor", scope=f"inbox:{inbox.pk}", value="v1", original="v1")
    conversations.resolve(conversation.pk, actor=boss)
    conversation.refresh_from_db()
    return conversation


@pytest.fixture
def send(resolved, boss, turn) -> Callable[..., Response]:
    """A survey goes into Ada's resolved conversation."""

    def send(survey: Any) -> Response:
        asked = actions.invite(survey.pk, None, conversation=resolved.pk, actor=boss)
        yes = contact.decide(asked.person_id, "surveys", "webchat", f"survey:{survey.pk}")
        assert delivery.channel(asked.pk, "conversation") == "webchat"
        delivery.send(asked.pk, decision=yes, way="conversation")
        turn()
        return asked

    return send


@pytest.fixture
def typed(inbox, turn) -> Callable[[str], Any]:
    """Ada types something into the chat."""

    def typed(body: str, **more: Any) -> Any:
        actor = Actor.customer(0, inbox.pk, name="Ada Moreau")
        who = words.who(visitor="v1", scope=f"inbox:{inbox.pk}")
        said = conversations.receive(actor=actor, inbox_id=inbox.pk, person=who, body=body, **more)
        turn()
        return said

    return typed


def lines(talk: Conversation) -> list[tuple[str, str]]:
    shared = Message.objects.filter(conversation=talk, shared_seq__isnull=False).order_by("shared_seq")
    return [(one.kind, one.body) for one in shared][1:]


def test_asked_in_the_thread_answered_by_typing_and_told_on_the_line(publish, send, typed, resolved, ada, line_of):
    survey = publish(CSAT, SETTLED, thanks={"en": "Thanks, {name}!"})
    asked = send(survey)
    assert lines(resolved) == [("system", "How was it, Ada Moreau?")]
    was = Conversation.objects.get(pk=resolved.pk)
    said = typed("٢.", client_id="tap")
    assert (said.reopened, said.repeated, typed("٢.", client_id="tap").repeated) == (False, False, True)
    typed("Three days for one answer")
    figure = line_of(ada.pk)[-2]
    assert (figure.kind, figure.facts["score"], figure.facts["text"]) == (
        "survey.answered", 2, "Three days for one answer"
    )  # fmt: skip
    typed("2")
    assert lines(resolved) == [
        ("system", "How was it, Ada Moreau?"), ("incoming", "٢."), ("system", "What made it so?"),
        ("incoming", "Three days for one answer"), ("system", "Settled?"), ("incoming", "2"),
        ("system", "Thanks, Ada Moreau!"),
    ]  # fmt: skip
    asked.refresh_from_db()
    assert (asked.state, asked.channel, asked.given["settled"].value) == ("complete", "webchat", "n")
    talk = Conversation.objects.get(pk=resolved.pk)
    kept = ("state", "waiting_on", "active_at", "preview", "heard_seq", "seen_seq")
    assert [getattr(talk, name) for name in kept] == [getattr(was, name) for name in kept]
    assert (Decision.objects.count(), Outbox.objects.filter(state="sent").count()) == (1, 4)
    assert [one.kind for one in line_of(ada.pk)].count("message.received") == 1


def test_further_words_are_a_message_and_open_the_conversation_again(publish, send, typed, resolved):
    send(publish(CSAT))
    assert typed("It broke again").reopened
    assert typed("2").kind == "incoming"  # no longer an answer: other words stand between
    assert not Touchpoint.objects.filter(kind="reply.expected").exists()


def test_words_that_come_late_are_about_something_else(publish, send, typed, resolved):
    asked = send(publish(CSAT))
    typed("4")
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        assert typed("My parcel is here, and empty").reopened
        assert actions.settle_due() == 1
    asked.refresh_from_db()
    assert (asked.state, asked.told, asked.given["csat"].words) == ("complete", ["csat"], "")


def test_a_file_is_no_answer(publish, send, typed):
    send(publish(CSAT))
    typed("5")
    assert typed("", wordless=True).reopened


def test_answered_on_the_page_meanwhile_a_tap_is_kept_in_the_thread_alone(publish, send, typed, say, resolved):
    asked = send(publish(CSAT))
    say(own(asked), "csat", 5)
    typed("1")
    asked.refresh_from_db()
    assert (asked.given["csat"].value, lines(resolved)[-1]) == (5, ("incoming", "1"))


def test_the_same_decision_sends_once(publish, send, resolved):
    asked = send(publish(CSAT))
    [yes] = Decision.objects.all()
    first = delivery.send(asked.pk, decision=yes, way="conversation")
    assert first == delivery.send(asked.pk, decision=yes, way="conversation")
    assert Outbox.objects.count() == 1


@pytest.mark.parametrize("why", ["too long ago", "archived", "not open", "no conversation"])
def test_a_way_that_leads_nowhere_is_refused_in_words(publish, resolved, boss, inbox, ada, why):
    survey, later = publish(CSAT), clock.now()
    about = None if why == "no conversation" else resolved.pk
    asked = actions.invite(survey.pk, ada.pk, conversation=about, actor=boss)
    if why == "too long ago":
        later += timedelta(days=8)
    elif why == "archived":
        inbox.archived_at = later
        inbox.save()
    elif why == "not open":
        actions.close(survey.pk, actor=boss)
    with time_machine.travel(later, tick=False), pytest.raises((Refused, Conflicting), match=why):
        delivery.channel(asked.pk, "conversation")


def test_what_was_asked_is_gone_with_whoever_was_asked(publish, send, typed, resolved, ada):
    send(publish(CSAT))
    typed("2")
    typed("Bo was rude")
    personal.erase(ada.pk)
    line = Message.objects.filter(conversation=resolved, kind="system", shared_seq__isnull=False).first()
    assert (line.body, line.event) == ("", {"verb": "asked"})
    kept = [one.facts for one in Touchpoint.objects.filter(kind__in=["reply.expected", "outbound.queued"])]
    assert len(kept) == 5
    assert not any({"value", "preview"} & set(one) for one in kept)
