"""Promises in a house: from the line, by timers, stamped once; what follows when they break."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
import time_machine
from django.db import connection

from careline.accounts import actions as house
from careline.accounts.actor import SYSTEM, Actor
from careline.accounts.models import AuditEntry, Team
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.conversations import actions as talks
from careline.service.conversations import queries
from careline.service.conversations.models import Conversation, Follower, Message
from careline.service.recovery.models import Recovery
from careline.service.sla import actions, reactions
from careline.service.sla.models import Edition, Policy, Promise
from careline.service.sla.terms import Step, Terms
from careline.touchpoints.subscribers import advance_all, enroll

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OFFICE = {"days": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}, "holidays": []}


@pytest.fixture(autouse=True)
def that_day(nine) -> Iterator[None]:
    """What is months old when it is learned of is promised nothing."""
    with time_machine.travel(nine + HOUR, tick=False):
        yield


def heard(true) -> None:
    """Deliver until it is so: what others of this server have not committed yet holds the line back."""
    deadline = perf_counter() + 120
    while not true() and perf_counter() < deadline:
        advance_all()
    assert true()


def row(conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def test_an_answer_in_time_is_stamped_with_the_terms_it_kept(promise, conversation, deliver, bo, nine, line_of, ada):
    policy = promise(first=60, resolution=600)
    deliver()
    shown = row(conversation)
    assert shown.due_at == nine + HOUR
    assert shown.pledge == {
        "what": "first", "begun_at": "2026-03-02T09:00:00Z", "due_at": "2026-03-02T10:00:00Z",
    }  # fmt: skip
    talks.reply(conversation.pk, actor=bo, body="Hello", at=nine + 20 * MINUTE)
    deliver()
    [kept] = [one for one in line_of(ada.pk) if one.kind == "promise.met"]
    assert kept.facts | {"conversation": 0} == {
        "conversation": 0, "promise": "Usual", "what": "first", "policy": policy.pk, "version": 1, "minutes": 60,
        "due_at": "2026-03-02T10:00:00Z", "taken": 1200,
    }  # fmt: skip
    # The end stands still while the customer has the word.
    assert (row(conversation).due_at, row(conversation).pledge) == (None, None)
    assert not Conversation.objects.filter(pledge__isnull=False).exists()
    # Terms that change later rewrite nothing.
    actions.keep_policy(actions.Ruling(name="Usual", terms=Terms(first=5)), actor=SYSTEM, policy_id=policy.pk)
    actions.pass_due(at=nine + 9 * HOUR)
    assert [one.facts["minutes"] for one in line_of(ada.pk) if one.kind.startswith("promise.")] == [60]
    assert list(Edition.objects.values_list("version", flat=True).order_by("version")) == [1, 2]


def test_it_warns_breaks_and_escalates_and_who_leads_hears(promise, conversation, deliver, told, nine, bo, cy):
    team = Team.objects.create(name="Complaints")
    steps = (Step("tell_leads"), Step("priority", 30, 4), Step("team", 60, team.pk))
    promise(first=60, warn_percent=75, steps=steps)
    deliver()
    for at in (44, 46, 46, 59):
        actions.pass_due(at=nine + at * MINUTE)
    assert told() == [("warned", "first", nine + 45 * MINUTE)]
    assert row(conversation).pledge["state"] == "warned"
    assert [one.id for one in queries.listed(bo, view="risk")] == [conversation.pk]
    actions.pass_due(at=nine + 61 * MINUTE)
    deliver()
    actions.pass_due(at=nine + 3 * HOUR)
    assert told()[1:] == [
        ("broken", "first", nine + HOUR), ("escalated", "first", nine + HOUR),
        ("escalated", "first", nine + 90 * MINUTE), ("escalated", "first", nine + 2 * HOUR),
    ]  # fmt: skip
    shown = row(conversation)
    assert (shown.pledge["state"], shown.due_at) == ("broken", nine + HOUR)
    assert (shown.priority, shown.team_id) == (4, team.pk)
    assert Follower.objects.filter(conversation=conversation, agent=cy.agent_id).exists()
    verbs = [one.event["verb"] for one in Message.objects.filter(conversation=conversation, kind="system")]
    assert verbs.count("promise-broken") == 1
    # Whoever was promised what was not done is won back.
    assert Recovery.objects.get().causes.get().promise == "Usual"
    talks.reply(conversation.pk, actor=bo, body="Sorry", at=nine + 4 * HOUR)
    deliver()
    assert Promise.objects.get().outcome == "broken"
    assert [kind for kind, _what, _at in told()].count("broken") == 1


@pytest.mark.django_db(transaction=True)
def test_words_on_the_line_are_heard_before_a_timer_breaks_anything(promise, conversation, wrote, told, nine, bo):
    """The answer was in time; that the room has not heard of it yet is our own matter."""
    assert reactions.promise  # who is to be enrolled
    enroll()
    promise(first=60, next=60)
    wrote(nine + MINUTE)
    heard(Promise.objects.exists)
    talks.reply(conversation.pk, actor=bo, body="Hello", at=nine + 30 * MINUTE)
    assert actions.pass_due(at=nine + 5 * HOUR) == 0
    heard(told)
    assert [kind for kind, _what, _at in told()] == ["met"]


def test_a_change_of_hours_moves_what_runs_and_a_holiday_puts_it_off(promise, conversation, deliver, boss, nine):
    promise(first=60 * 10)
    deliver()
    assert row(conversation).due_at == nine + 10 * HOUR
    house.update_organization(actor=boss, calendars={"House": OFFICE | {"holidays": ["2026-03-03"]}})
    actions.pass_due(at=nine + HOUR)
    # One hour has gone by the clock that was in force then; of nine that are left eight are today, and none tomorrow.
    assert row(conversation).due_at == datetime(2026, 3, 4, 10, tzinfo=UTC)


def test_the_first_policy_that_fits_holds_until_something_changes(promise, conversation, deliver, bo, boss, nine):
    vip = promise(name="Urgent", first=30, conditions={"all": [{"field": "priority", "op": "at_least", "value": 4}]})
    usual = promise(first=240)
    deliver()
    assert Promise.objects.get().policy == usual
    talks.prioritize(conversation.pk, actor=bo, priority=4, at=nine + 10 * MINUTE)
    deliver()
    assert (Promise.objects.get().policy, row(conversation).due_at) == (vip, nine + 30 * MINUTE)
    actions.use(conversation.pk, usual.pk, actor=bo, at=nine + 11 * MINUTE)
    talks.tag(conversation.pk, actor=bo, tags=["x"], at=nine + 12 * MINUTE)
    deliver()
    assert row(conversation).due_at == nine + 4 * HOUR
    actions.order_policies([usual.pk, vip.pk], actor=boss)
    actions.drop_policy(usual.pk, actor=boss)
    actions.pass_due(at=nine + 15 * MINUTE)
    assert (Promise.objects.running().get().policy, row(conversation).due_at) == (vip, nine + 30 * MINUTE)
    actions.drop_policy(vip.pk, actor=boss)
    actions.pass_due(at=nine + 16 * MINUTE)
    assert (Promise.objects.get().outcome, row(conversation).due_at) == ("dropped", None)


def test_what_is_promised_next_stands_first_in_its_view(
    promise, conversation, deliver, wrote, bo, boss, nine, elsewhere
):
    promise(first=60)
    deliver()
    for view in ("promised", "all"):
        assert [one.id for one in queries.listed(bo, view=view)] == [conversation.pk]
    assert queries.listed(bo, view="risk") == []
    found = queries.listed(bo, view="promised")[0]
    place = (found.due_at, found.id)
    assert queries.listed(bo, view="promised", before=place) == []
    stranger = Actor("agent", 9, "Nobody", 9, frozenset({"conversations.view"}), (elsewhere.pk,))
    assert queries.listed(stranger, view="promised") == []


def test_what_a_policy_may_not_be_is_refused_in_words(promise, boss, bo):
    wrong: list[tuple[str, dict]] = [
        ("first", {}), ("first", {"first": 0}), ("warn_minutes", {"first": 1, "warn_percent": 5, "warn_minutes": 5}),
        ("warn_percent", {"first": 1, "warn_percent": 100}), ("steps", {"first": 1, "steps": (Step("priority"),)}),
        ("steps", {"first": 1, "steps": (Step("team"),)}),
        ("steps", {"first": 1, "steps": (Step("tell_leads", value=1),)}),
    ]  # fmt: skip
    for field, said in wrong:
        with pytest.raises(Refused) as refused:
            promise(**said)
        assert refused.value.field == field
    with pytest.raises(NotVisible):
        promise(first=1, steps=(Step("team", 0, 999),))
    with pytest.raises(NotAllowed):
        actions.keep_policy(actions.Ruling(name="Mine", terms=Terms(first=1)), actor=bo)
    promise(first=1)
    with pytest.raises(Conflicting):
        promise(first=1)
    assert [one.verb for one in AuditEntry.objects.filter(verb__startswith="promise.")] == ["promise.kept"]
    assert Policy.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_that_look_at_once_one_breaks_it(promise, conversation, wrote, told, nine):
    assert reactions.promise  # who is to be enrolled
    enroll()
    promise(next=60, first=60)
    wrote(nine + MINUTE)
    heard(Promise.objects.exists)
    together = threading.Barrier(4)
    done: list[int] = []

    def look() -> None:
        try:
            together.wait(30)
            done.append(actions.pass_due(at=nine + 9 * HOUR))
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert len(done) == 4
    assert [kind for kind, _what, _at in told()] == ["broken"]
