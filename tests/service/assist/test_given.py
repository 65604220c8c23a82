"""What a customer gave is kept with its place, and a reply that asks for it again is told on their line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.accounts.actor import Actor
from careline.kit import personal
from careline.kit.refusals import NotAllowed, NotVisible
from careline.service.assist.given import actions, keeping, queries
from careline.service.assist.models import Given
from careline.service.conversations import actions as talks
from careline.touchpoints.models import Touchpoint
from tests.service.assist.told import heard

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(conversation, ada, inbox, bo, nine):
    """`say("words")` is hers, `say("words", by=bo)` ours; each a minute later, and heard by the room."""
    minutes = iter(range(1, 60))

    def say(body: str, *, by: Actor | None = None) -> None:
        at = nine + timedelta(minutes=next(minutes))
        if by is None:
            talks.hear(conversation.pk, actor=Actor.customer(ada.pk, inbox.pk, name=ada.name), body=body, at=at)
        else:
            talks.reply(conversation.pk, actor=by, body=body, at=at)
        keeping.listen(heard("message.received", "message.sent")[-1:])

    return say


def repeated() -> list[list[str]]:
    return [row.facts["asked"] for row in Touchpoint.objects.filter(kind="question.repeated").order_by("occurred_at")]


def test_what_was_given_stands_with_its_message(say, conversation, bo):
    say("It is order A-1042, size 42")
    found = {one.kind: one for one in queries.given(bo, conversation.pk)}
    assert (found["order"].value, found["size"].value) == ("A-1042", "42")
    assert found["order"].conversation_id == conversation.pk
    assert found["order"].message_id is not None
    assert found["email"].source == "profile"


def test_asking_for_it_again_is_told_once(say, conversation, bo):
    say("Order A-1042 please")
    say("Could you send me your order number and your size?", by=bo)
    assert repeated() == [["order"]]
    keeping.listen(heard("message.received", "message.sent"))
    assert repeated() == [["order"]], "heard twice it is told once"
    assert Given.objects.filter(kind="order").count() == 1


def test_the_first_question_and_one_that_names_it_are_no_repetition(say, bo):
    say("What is your order number?", by=bo)
    say("88231")
    assert Given.objects.get(kind="order").value == "88231", "a short answer to a question"
    say("Can you confirm the order number 88231?", by=bo)
    say("What about the lamp?", by=bo)
    assert repeated() == []


def test_with_two_orders_it_may_be_asked_which(say, conversation, bo):
    say("I have order A-1042 and order A-1050")
    say("Which order number is it?", by=bo)
    assert repeated() == []
    assert queries.again(bo, conversation.pk, "What is your email?")[0].value == "Ada@Example.com"


def test_what_is_put_away_may_be_asked(say, conversation, bo, dee):
    say("Order A-1042 please")
    one = queries.given(bo, conversation.pk)[0]
    with pytest.raises(NotVisible):
        actions.put_away(conversation.pk, one.id, actor=dee)
    actions.put_away(conversation.pk, one.id, actor=bo)
    assert [row.kind for row in queries.given(bo, conversation.pk)] == ["phone", "email"]
    say("What is your order number?", by=bo)
    assert repeated() == []
    actions.take_back(conversation.pk, one.id, actor=bo)
    assert queries.again(bo, conversation.pk, "What is your order number?")


def test_who_may_not_answer_puts_nothing_away(say, conversation, hire, inbox):
    say("Order A-1042 please")
    looker = hire("Lo", role="analyst").as_actor((inbox.pk,))
    one = queries.given(looker, conversation.pk)[0]
    with pytest.raises(NotAllowed):
        actions.put_away(conversation.pk, one.id, actor=looker)


def test_an_order_of_another_matter_is_asked_for_anew(say, conversation, ada, inbox, bo, nine):
    say("Order A-1042, my address is 12 Harbor Lane, London")
    Given.objects.update(said_at=nine - timedelta(days=30))
    other = talks.open_with(
        actor=Actor.customer(ada.pk, inbox.pk, name=ada.name), inbox_id=inbox.pk,
        person=talks_who(ada), body="Something else now", client_id="second",
    )  # fmt: skip
    kinds = {one.kind for one in queries.given(bo, other.conversation_id)}
    assert "order" not in kinds
    assert "address" in kinds, "that is hers, whatever it is about"


def talks_who(ada):
    from careline.service.conversations.hot import words

    return words.who(name=ada.name, email="ada@example.com")


def test_somebody_elses_eyes_see_nothing(say, conversation, dee):
    say("Order A-1042 please")
    with pytest.raises(NotVisible):
        queries.given(dee, conversation.pk)
    with pytest.raises(NotVisible):
        queries.again(dee, conversation.pk, "What is your order number?")


def test_it_is_given_out_and_forgotten(say, ada):
    say("Order A-1042 please")
    assert personal.export(ada.pk)["assist.Given"][0]["value"] == "A-1042"
    personal.erase(ada.pk)
    assert not Given.objects.exists()
