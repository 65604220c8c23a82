"""A bad answer, a broken promise or a matter that comes back marks one conversation, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from careline import contact
from careline.accounts.actor import SYSTEM, Actor
from careline.channels.models import Inbox
from careline.customers.actions import merge
from careline.customers.models import Person
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible
from careline.service.conversations import actions as talks
from careline.service.conversations import queries as inbox_queries
from careline.service.conversations.models import Conversation, Message
from careline.service.recovery import actions, reactions
from careline.service.recovery.models import Cause, Recovery, Rule

pytestmark = pytest.mark.django_db


def kinds(line_of, person: Person) -> list[str]:
    return [one.kind for one in line_of(person.pk) if one.kind.startswith(("recovery.", "goodwill."))]


def customer(conversation: Conversation) -> Actor:
    return Actor.customer(conversation.person_id, conversation.inbox_id)


def test_a_two_with_a_sentence_marks_the_conversation_it_is_about(conversation, bo, recover, ada, line_of):
    talks.reply(conversation.pk, actor=bo, body="On its way.")
    talks.resolve(conversation.pk, actor=bo)
    recover(score=2, text="Three days for one answer", conversation=conversation.pk)
    [one] = Recovery.objects.all()
    assert (one.conversation_id, one.person_id, one.outcome) == (conversation.pk, ada.pk, "")
    [cause] = one.causes.all()
    assert (cause.metric, cause.score, cause.top, cause.words) == ("csat", 2, 5, "Three days for one answer")
    row = inbox_queries.one(bo, conversation.pk)
    assert (row.state, row.waiting_on, row.assignee_id) == ("open", "us", bo.agent_id)
    assert row.mark is not None
    assert "Three" not in row.mark
    assert [one.id for one in inbox_queries.listed(bo, view="recovery")] == [conversation.pk]
    assert kinds(line_of, ada) == ["recovery.opened"]
    assert [step.kind for step in one.steps.order_by("place")] == ["apology", "call", "goodwill"]


@pytest.mark.parametrize("score", [3, 5])
def test_a_fair_answer_marks_nothing(conversation, recover, score):
    recover(score=score, conversation=conversation.pk)
    assert not Recovery.objects.exists()


@pytest.mark.parametrize(
    ("metric", "score", "low", "top", "bad"),
    [
        ("nps", 0, 0, 10, True), ("nps", 7, 0, 10, False), ("ces", 3, 1, 7, True), ("ces", 4, 1, 7, False),
        ("csat", 2, 1, 7, True), ("csat", 3, 1, 7, False), ("csat", 1, 1, 3, True), ("csat", 2, 1, 3, False),
        ("csat", 2, None, 5, True), ("ces1", 1, 1, 5, False), ("csat", None, 1, 5, False),
    ],
)  # fmt: skip
def test_a_score_is_read_on_its_own_scale(conversation, recover, metric, score, low, top, bad):
    recover(metric=metric, score=score, scale_min=low, scale_max=top)
    assert Recovery.objects.exists() == bad


def test_what_is_told_twice_is_heard_once(conversation, recover, ada, line_of):
    moment = recover(score=1, conversation=conversation.pk)
    reactions.recover([moment, moment])
    assert Cause.objects.count() == 1
    assert kinds(line_of, ada) == ["recovery.opened"]
    actions.close(Recovery.objects.get().pk, actor=SYSTEM, outcome="reached")
    reactions.recover([moment])
    assert Recovery.objects.count() == 1


def test_a_later_bad_answer_joins_the_open_one(conversation, bo, recover, ada, line_of):
    recover(score=2, conversation=conversation.pk)
    due_at = Recovery.objects.get().due_at
    talks.resolve(conversation.pk, actor=bo)
    recover(metric="nps", score=0, scale_min=0, scale_max=10)
    [one] = Recovery.objects.all()
    assert one.due_at == due_at
    assert [cause.score for cause in one.causes.order_by("pk")] == [2, 0]
    assert kinds(line_of, ada) == ["recovery.opened", "recovery.joined"]
    assert Conversation.objects.get(pk=conversation.pk).state == "open"


def test_one_who_was_joined_has_one_recovery(conversation, boss, recover, ada):
    twin = Person.objects.create(name="A. Moreau")
    merge(twin.pk, ada.pk, actor=boss)
    recover(score=1, conversation=conversation.pk)
    recover(score=1, person=twin.pk)
    assert Recovery.objects.get().causes.count() == 2


def test_a_broken_promise_and_a_matter_that_comes_back_twice(conversation, bo, recover, told, ada):
    recover("promise.broken", promise="callback", conversation=conversation.pk)
    assert Recovery.objects.get().causes.get().promise == "callback"
    actions.close(Recovery.objects.get().pk, actor=bo, outcome="missed")
    recover("conversation.reopened", actor=customer(conversation), conversation=conversation.pk)
    assert Recovery.objects.running().count() == 0
    recover("conversation.reopened", actor=bo, conversation=conversation.pk)
    assert Recovery.objects.running().count() == 0


def test_the_second_time_the_customer_opens_it_again_counts(conversation, bo, recover):
    for times in (1, 2):
        talks.resolve(conversation.pk, actor=bo)
        talks.hear(conversation.pk, actor=customer(conversation), body="Again!", person_id=conversation.person_id)
        moment = last("conversation.reopened")
        reactions.recover([moment])
        assert Recovery.objects.count() == times - 1


def last(kind: str):
    from careline.touchpoints.models import Touchpoint
    from careline.touchpoints.moments import Moment

    row = Touchpoint.objects.filter(kind=kind).latest("occurred_at")
    return Moment(**{name: getattr(row, name) for name in Moment.__struct_fields__})


def test_who_has_no_conversation_gets_one(inbox, ada, bo, recover):
    recover(score=1, text="Nobody ever wrote back")
    one = Recovery.objects.get().conversation
    assert (one.inbox_id, one.person_id, one.state, one.preview) == (inbox.pk, ada.pk, "open", "Nobody ever wrote back")


def test_a_house_without_an_inbox_marks_nothing(ada, recover):
    assert not Inbox.objects.exists()
    recover(score=1)
    assert not Recovery.objects.exists()


def test_what_is_long_past_or_of_somebody_blocked_marks_nothing(conversation, recover, ada):
    recover(score=1, conversation=conversation.pk, at=clock.now() - timedelta(days=8))
    Person.objects.filter(pk=ada.pk).update(blocked_at=clock.now())
    recover(score=1, conversation=conversation.pk)
    assert not Recovery.objects.exists()


def test_a_rule_that_is_off_holds_nothing(conversation, recover):
    Rule.objects.filter(metric="csat").update(is_on=False)
    recover(score=1, conversation=conversation.pk)
    assert not Recovery.objects.exists()


def test_the_team_has_it_where_the_rule_says_so(conversation, bo, boss, recover):
    from careline.accounts import actions as accounts

    team = accounts.create_team("Care", actor=boss)
    Rule.objects.filter(metric="csat").update(owner="team", team=team)
    talks.assign(conversation.pk, actor=bo, agent_id=bo.agent_id)
    recover(score=1, conversation=conversation.pk)
    conversation.refresh_from_db()
    assert (conversation.assignee_id, conversation.team_id) == (None, team.pk)


def test_everything_else_is_kept_back_meanwhile(conversation, bo, recover, ada):
    recover(score=1, conversation=conversation.pk)
    asked = contact.decide(ada.pk, purpose="surveys", channel="email", key="later")
    assert not asked.allowed
    assert asked.reason == "This person is not to be contacted for now."
    actions.close(Recovery.objects.get().pk, actor=bo, outcome="reached", resolved=True)
    again = contact.decide(ada.pk, purpose="surveys", channel="email", key="later again")
    assert again.allowed


def test_by_hand(conversation, bo, dee, ada, line_of):
    one = actions.begin(conversation.pk, actor=bo, words="She sounded done with us.")
    assert one.causes.get().words == "She sounded done with us."
    assert kinds(line_of, ada) == ["recovery.opened"]
    with pytest.raises(Conflicting):
        actions.begin(conversation.pk, actor=bo)
    with pytest.raises(NotVisible):
        actions.begin(conversation.pk, actor=dee)


def test_who_may_not_answer_begins_nothing(conversation, hire, inbox):
    analyst = hire("Nadia", role="analyst").as_actor((inbox.pk,))
    with pytest.raises(NotAllowed):
        actions.begin(conversation.pk, actor=analyst)


def test_put_away_as_spam_it_ends(conversation, bo, recover, ada, line_of):
    recover(score=1, conversation=conversation.pk)
    talks.spam(conversation.pk, actor=bo)
    reactions.let_go([last("conversation.marked")])
    assert Recovery.objects.get().outcome == "withdrawn"
    assert kinds(line_of, ada) == ["recovery.opened", "recovery.closed"]


def test_the_database_keeps_one_of_a_kind(conversation, recover, ada):
    recover(score=1, conversation=conversation.pk)
    one = Recovery.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.create(conversation=conversation, person=ada, opened_at=one.opened_at, due_at=one.due_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=one.pk).update(outcome="reached")


def test_the_thread_keeps_a_line_of_it(conversation, recover):
    recover(score=2, conversation=conversation.pk)
    event = Message.objects.filter(conversation=conversation, event__verb="recovery-opened").get().event
    assert event is not None
    assert (event["metric"], event["score"]) == ("csat", 2)
