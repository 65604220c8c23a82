"""How a conversation feels now, which way it turned, what the house's own labels teach, and what may be done next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.accounts.actor import Actor
from careline.kit import personal
from careline.kit.refusals import NotVisible, Refused
from careline.service.assist.models import Calibration, Felt, Label
from careline.service.assist.moods import actions, queries, turning
from careline.service.assist.moods.advice import Standing, steps
from careline.service.assist.moods.turning import Mood, One
from careline.service.conversations import actions as talks
from tests.service.assist.told import heard


def one(score, label="neutral", words=()) -> One:
    return One(label, score, words)


def test_a_turn_is_told_by_its_words():
    found = turning.of([
        one(0.6), one(0.4), one(-0.2), one(-0.7, "negative", (("terrible", -2.1), ("nice", 1.8))),
    ])  # fmt: skip
    assert (found.label, found.has_turned) == ("negative", True)
    assert found.words == (("terrible", -2.1),), "what speaks for the other side did not carry it"
    assert found.shift < -0.35


def test_who_was_cross_from_the_beginning_did_not_turn():
    assert not turning.of([one(-0.6), one(-0.6), one(-0.7)]).has_turned
    assert turning.of([one(-0.6)]).shift is None, "of one word nothing can have turned"


def test_mixed_and_unknown_are_answers():
    assert turning.of([One("unknown", None)]).label == "unknown"
    assert turning.of([one(0.5), one(0.0, "mixed")]).label == "mixed"
    assert turning.of([]) is None


MOOD = Mood("negative", -0.5, -0.8, (), "anger", 3, 3, True)
STANDING = Standing("open", "us", True, False, "", "", None)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"risk": "warned", "promise": "next"}, ["answer"]), ({"mood": MOOD}, ["win-back"]),
        ({"mood": MOOD, "marked": True}, []), ({"assigned": False}, ["take"]), ({"others": (7,)}, ["join"]),
        ({"late": (("A-1", 2),)}, ["apologize"]), ({"churn_risk": 0.7}, ["keep"]), ({"churn_risk": 0.2}, []),
        ({"assigned": False, "state": "resolved"}, []),
        ({"risk": "broken", "mood": MOOD, "assigned": False, "others": (7,)}, ["answer", "win-back"]),
    ],
)  # fmt: skip
def test_next_comes_what_presses_most(change, what):
    import msgspec

    assert [step.what for step in steps(msgspec.structs.replace(STANDING, **change))] == what


@pytest.fixture
def cross(conversation, ada, inbox, nine):
    """She is kind, then she is not."""
    said = ["Thank you, that is wonderful, I love it!", "This is terrible. I am so angry, worst service ever."]
    for n, body in enumerate(said):
        at = nine + timedelta(minutes=n + 1)
        talks.hear(conversation.pk, actor=Actor.customer(ada.pk, inbox.pk, name=ada.name), body=body, at=at)
    return conversation


@pytest.mark.django_db
def test_each_message_is_read_once(cross, bo, dee, ada):
    found = queries.mood(bo, cross.pk)
    assert found.weighed == found.heard == Felt.objects.count() == 3
    assert {"terrible", "worst"} & {word for word, _weight in found.words} or found.label == "mixed"
    before = set(Felt.objects.values_list("message", "by"))
    queries.mood(bo, cross.pk)
    assert set(Felt.objects.values_list("message", "by")) == before
    with pytest.raises(NotVisible):
        queries.mood(dee, cross.pk)
    assert personal.export(ada.pk)["assist.Felt"]
    personal.erase(ada.pk)
    assert not Felt.objects.exists()


@pytest.mark.django_db
def test_an_agents_thumb_holds(cross, bo):
    actions.thumb(cross.pk, "positive", actor=bo)
    read = Label.objects.get()
    assert (read.label, read.source, read.by) == ("positive", "thumb", bo.agent_id)
    with pytest.raises(Refused):
        actions.thumb(cross.pk, "fine", actor=bo)


@pytest.mark.django_db
def test_what_followed_labels_the_words_before_it(cross, ada, inbox, bo, nine, told_answer):
    talks.resolve(cross.pk, actor=bo, at=nine + timedelta(hours=1))
    told_answer(cross.pk, 1, at=nine + timedelta(hours=2))
    actions.hear(heard("survey.answered"))
    assert Label.objects.get().label == "negative"
    customer = Actor.customer(ada.pk, inbox.pk, name=ada.name)
    talks.hear(cross.pk, actor=customer, body="It broke again.", at=nine + timedelta(hours=3))
    actions.hear(heard("survey.answered", "conversation.reopened"))
    assert sorted(Label.objects.values_list("source", "message__body")) == [
        ("answer", "This is terrible. I am so angry, worst service ever."), ("reopened", "It broke again."),
    ]  # fmt: skip


@pytest.fixture
def told_answer(ada):
    from django.db import transaction

    from careline import touchpoints
    from careline.accounts.actor import SYSTEM

    def told_answer(conversation: int, score: int, *, at) -> None:
        with transaction.atomic():
            touchpoints.record(
                "survey.answered", person=ada.pk, actor=SYSTEM, source="test", occurred_at=at, survey="help",
                metric="csat", score=score, scale_min=1, scale_max=5, conversation=conversation,
            )  # fmt: skip

    return told_answer


@pytest.mark.django_db
def test_a_house_learns_from_its_own_labels(cross, ada, inbox, bo):
    from careline.service.conversations.models import Message

    assert actions.calibrate() is None, "of so few nothing can be learned"
    customer = Actor.customer(ada.pk, inbox.pk, name=ada.name)
    bad = [
        "I have been on hold for {} hours with you",
        "my parcel number {} is still not here",
        "you charged me {} times",
    ]
    good = ["it came after {} days, all is fine now", "{} of them arrived as ordered", "the new lamp number {} works"]
    for n in range(1, 21):
        for label, kind in (("negative", bad), ("positive", good)):
            talks.hear(cross.pk, actor=customer, body=kind[n % 3].format(n))
            last = Message.objects.filter(conversation=cross.pk).order_by("-seq")[0]
            Label.objects.create(message=last, label=label, source="answer")
    made = actions.calibrate()
    assert made.is_used
    assert (made.labels, made.sources) == (40, {"answer": 40})
    assert made.right > made.plain_right, "polite complaints are overlooked without labels"
    assert actions.calibrate() is None, "nothing was added"
    assert Calibration.objects.count() == 1
    queries.mood(bo, cross.pk)
    assert Felt.objects.filter(by__endswith=f"/{made.pk}").exists()
