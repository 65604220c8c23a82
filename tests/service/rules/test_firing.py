"""What happens on the line is given to the rules that hear it: once, in their order, and never in a circle."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from careline.accounts.actor import Actor
from careline.accounts.models import Team
from careline.customers.models import AttributeDefinition, Person
from careline.kit import clock
from careline.kit.refusals import NotAllowed, Refused
from careline.service.conversations import actions as talks
from careline.service.conversations import conditions, queries
from careline.service.conversations.hot import receive, words
from careline.service.conversations.models import Conversation, Message
from careline.service.rules import actions, firing
from careline.service.rules.models import Firing
from careline.touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db
HEARS = {"kind": "message.received"}


@pytest.fixture
def now_open(ada, inbox):
    """Ada has just written."""
    said = talks.open_with(
        actor=Actor.customer(ada.pk, inbox.pk, name=ada.name), inbox_id=inbox.pk,
        person=words.who(email="ada@example.com"), body="I want my money back", client_id="now",
    )  # fmt: skip
    return Conversation.objects.get(pk=said.conversation_id)


def test_each_thing_a_rule_can_do_is_done_and_told(now_open, bo, ruled, heard):
    team = Team.objects.create(name="Returns")
    AttributeDefinition.objects.create(name="topic", of="conversation", label="Topic", type="text")
    rule = ruled(
        {"kind": "conversation.opened"},
        {"do": "assign", "agent_id": str(bo.agent_id)}, {"do": "assign", "team_id": str(team.pk)},
        {"do": "tag", "tags": ["refund", "money"]}, {"do": "untag", "tags": ["Money"]},
        {"do": "priority", "priority": 4}, {"do": "note", "words": "Look at the order first."},
        {"do": "field", "name": "topic", "value": "refund"},
        {"do": "reply", "words": {"en": "Dear {{customer}}, #{{number}}"}},
        {"do": "state", "state": "snoozed", "minutes": 60},
        asked=[{"field": "text", "op": "contains", "value": "money"}],
    )  # fmt: skip
    heard()
    row = queries.one(bo, now_open.pk)
    assert (row.assignee_id, row.team_id, row.tags, row.priority) == (bo.agent_id, team.pk, ["refund"], 4)
    assert (row.state, row.attributes) == ("snoozed", '{"topic": "refund"}')
    [asked] = Message.objects.filter(conversation=now_open, event__verb="asked")
    assert (asked.body, asked.shared_seq) == (f"Dear Ada Moreau, #{now_open.pk}", 2)
    now_open.refresh_from_db()
    assert now_open.first_replied_at is None
    [ran] = Firing.objects.all()
    assert [one["do"] for one in ran.done] == [
        "assign", "assign", "tag", "untag", "priority", "note", "field", "reply", "state",
    ]  # fmt: skip
    assert not any("why" in one for one in ran.done)
    [told] = Touchpoint.objects.filter(kind="rule.fired")
    assert (told.actor_kind, told.facts["rule"], told.facts["version"]) == ("rule", rule.pk, 1)
    assert Message.objects.filter(conversation=now_open, event__verb="rule-fired", author_name="One").count() == 1


def test_an_opening_is_told_on_once_whatever_rules_there_are(now_open, ruled, heard, bo):
    rule = ruled({"kind": "conversation.opened"}, {"do": "tag", "tags": ["new"]})
    heard()
    [first] = Touchpoint.objects.filter(kind="conversation.ruled")
    assert (first.facts["opening"], first.facts.get("rules", [])) == ("opened", [rule.pk])
    talks.resolve(now_open.pk, actor=bo)
    talks.reopen(now_open.pk, actor=bo)
    heard()
    assert [one.facts["opening"] for one in Touchpoint.objects.filter(kind="conversation.ruled").order_by("id")] == [
        "opened", "reopened",
    ]  # fmt: skip


def test_heard_again_nothing_is_done_again(now_open, ruled, heard):
    from careline.service.rules import hearing
    from careline.touchpoints.moments import Moment

    ruled(HEARS, {"do": "note", "words": "Seen."})
    heard()
    rows = Touchpoint.objects.filter(kind__in=["message.received", "conversation.opened"])
    hearing.hear([Moment(**{name: getattr(row, name) for name in Moment.__struct_fields__}) for row in rows])
    assert Message.objects.filter(conversation=now_open, kind="note").count() == 1
    assert Touchpoint.objects.filter(kind="conversation.ruled").count() == 1


def test_the_next_rule_sees_what_the_one_before_it_did(now_open, ruled, heard, boss):
    second = ruled(HEARS, {"do": "priority", "priority": 3}, asked=[{"field": "tag", "op": "is", "value": "vip"}])
    first = ruled(HEARS, {"do": "tag", "tags": ["vip"]}, name="Two")
    actions.order([first.pk, second.pk], actor=boss)
    heard()
    now_open.refresh_from_db()
    assert (now_open.tags, now_open.priority) == (["vip"], 3)


def test_a_rule_never_hears_what_rules_did(now_open, ruled, heard):
    ruled({"kind": "conversation.tagged"}, {"do": "tag", "tags": ["again"]})
    ruled(HEARS, {"do": "tag", "tags": ["first"]}, name="Two")
    ruled({"kind": "message.noted"}, {"do": "note", "words": "Heard a note."}, name="Three")
    ruled(HEARS, {"do": "note", "words": "Hello"}, name="Four")
    heard()
    now_open.refresh_from_db()
    assert now_open.tags == ["first"]
    assert Firing.objects.count() == 2


def test_what_others_answer_to_a_rule_ends_with_the_budget(now_open, ruled, heard, bo, monkeypatch):
    """A program that tags whatever a rule has changed, and is heard by the rule: a circle through the outside."""
    monkeypatch.setattr(firing, "ITS_OWN", 3)
    ruled({"kind": "conversation.tagged"}, {"do": "priority", "priority": 2})
    for number in range(6):
        talks.tag(now_open.pk, actor=bo, tags=[f"round {number}"])
        heard()
    assert Firing.objects.count() == 3


def test_what_is_refused_is_told_and_keeps_nothing_else_back(now_open, dee, ruled, heard):
    ruled(HEARS, {"do": "assign", "agent_id": str(dee.agent_id)}, {"do": "tag", "tags": ["late"]})
    heard()
    [ran] = Firing.objects.all()
    assert [("why" in one) for one in ran.done] == [True, False]
    [told] = Touchpoint.objects.filter(kind="rule.fired")
    assert (told.facts["refused"], told.facts["done"]) == (["assign"], ["tag"])


def test_a_machine_says_one_word_a_day_and_answers_no_machine(now_open, ruled, heard, ada, inbox):
    ruled(HEARS, {"do": "reply", "words": {"en": "Thank you."}})
    heard()
    customer = Actor.customer(ada.pk, inbox.pk, name=ada.name)
    talks.hear(now_open.pk, actor=customer, body="Hello?", client_id="two", person_id=ada.pk)
    heard()
    assert Message.objects.filter(conversation=now_open, event__verb="asked").count() == 1
    assert "automatic answer" in Firing.objects.order_by("pk").last().done[0]["why"]


def test_a_template_is_taken_in_the_customers_language(now_open, ruled, heard, ada):
    Person.objects.filter(pk=ada.pk).update(language="ar-EG")
    ruled(HEARS, {"do": "reply", "words": {"en": "Thank you.", "ar": "شكرًا."}})
    heard()
    assert Message.objects.get(conversation=now_open, event__verb="asked").body == "شكرًا."


def test_a_moment_of_the_customers_counts_in_their_newest_live_conversation(now_open, ruled, heard, ada):
    from careline import touchpoints
    from careline.accounts.actor import SYSTEM

    ruled({"kind": "order.placed"}, {"do": "tag", "tags": ["bought"]})
    with transaction.atomic():
        touchpoints.record(
            "order.placed", person=ada.pk, actor=SYSTEM, source="shop", order="A-1", total_minor=100, currency="EUR"
        )
    heard()
    now_open.refresh_from_db()
    assert now_open.tags == ["bought"]


def test_old_history_is_told_on_and_nothing_is_done_about_it(conversation, ruled, heard):
    ruled({"kind": "conversation.opened"}, {"do": "tag", "tags": ["new"]})
    heard()
    conversation.refresh_from_db()
    assert conversation.tags == []
    assert Touchpoint.objects.filter(kind="conversation.ruled").count() == 1


def test_where_the_next_words_go_is_settled_after_a_resolution(now_open, bo, ruled, heard, ada, inbox):
    ruled({"kind": "conversation.resolved"}, {"do": "thread", "next_words": "begin"})
    talks.resolve(now_open.pk, actor=bo)
    heard()
    customer = Actor.customer(ada.pk, inbox.pk, name=ada.name)
    given = words.first_words(
        actor=customer, inbox_id=inbox.pk, person=words.who(email="ada@example.com"), body="-"
    )  # fmt: skip
    assert receive.PLACE.one(**given).conversation_id is None
    Conversation.objects.filter(pk=now_open.pk).update(joins=True, resolved_at=clock.now().replace(year=2020))
    assert receive.PLACE.one(**given).conversation_id == now_open.pk
    talks.hear(now_open.pk, actor=customer, body="Once more", client_id="more", person_id=ada.pk)
    now_open.refresh_from_db()
    assert (now_open.state, now_open.joins) == ("open", None)


@pytest.mark.parametrize(
    ("when", "then", "word"),
    [
        ({"kind": "rule.fired"}, [{"do": "tag", "tags": ["x"]}], "hears"),
        ({"kind": "nothing.happened"}, [{"do": "tag", "tags": ["x"]}], "hears"),
        ({}, [{"do": "tag", "tags": ["x"]}], "one of the two"),
        (HEARS | {"since": "opened", "minutes": 5}, [{"do": "tag", "tags": ["x"]}], "one of the two"),
        ({"since": "silence"}, [{"do": "tag", "tags": ["x"]}], "one of the two"),
        (HEARS, [], "between 1 and"), (HEARS, [{"do": "wait", "minutes": 5}], "follows the wait"),
        (HEARS, [{"do": "assign"}], "which agent"), (HEARS, [{"do": "assign", "agent_id": "999999999"}], "such agent"),
        (HEARS, [{"do": "assign", "team_id": "999999999"}], "such team"),
        (HEARS, [{"do": "reply", "words": {"en": "{{secret}}"}}], "secret"),
        (HEARS, [{"do": "state", "state": "snoozed"}], "snoozed"), (HEARS, [{"do": "fly"}], "read"),
        (HEARS, [{"do": "field", "name": "nothing", "value": 1}], "nothing"),
        (HEARS, [{"do": "webhook", "endpoint_id": "999999999"}], "webhook"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused_in_words(boss, when, then, word):
    with pytest.raises(Refused, match=word):
        actions.keep("One", when, {}, then, actor=boss)


def test_every_change_is_a_version_and_only_who_may_makes_one(boss, bo, ruled):
    rule = ruled(HEARS, {"do": "tag", "tags": ["x"]})
    actions.keep("One", HEARS, {}, [{"do": "tag", "tags": ["y"]}], actor=boss, rule_id=rule.pk)
    actions.keep("One", HEARS, {}, [{"do": "tag", "tags": ["y"]}], actor=boss, rule_id=rule.pk)
    rule.refresh_from_db()
    assert (rule.version, list(rule.versions.order_by("number").values_list("number", flat=True))) == (2, [1, 2])
    for verb in (lambda: actions.switch(rule.pk, on=False, actor=bo), lambda: actions.drop(rule.pk, actor=bo)):
        with pytest.raises(NotAllowed):
            verb()


def test_the_database_lets_a_rule_fire_once_for_a_moment(now_open, ruled, heard):
    ruled(HEARS, {"do": "tag", "tags": ["x"]})
    heard()
    one = Firing.objects.get()
    one.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_conditions_ask_of_a_rule_what_they_ask_anywhere(now_open, ruled):
    rule = ruled(HEARS, {"do": "tag", "tags": ["x"]}, asked=[{"field": "channel", "op": "is", "value": "email"}])
    [subject] = conditions.subjects([now_open.pk]).values()
    assert not firing.fits(rule, subject)
