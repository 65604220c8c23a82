"""What is done to win somebody back: steps, goodwill within a limit, an outcome; and what follows when it is late."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from careline import touchpoints
from careline.accounts import open_hours
from careline.accounts.actor import SYSTEM
from careline.accounts.models import Organization, Role
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.conversations.models import Conversation, Follower
from careline.service.recovery import actions, queries, reactions
from careline.service.recovery.models import Cause, Goodwill, Recovery, Rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def recovery(conversation, recover) -> Recovery:
    recover(score=2, text="Too slow.", conversation=conversation.pk)
    return Recovery.objects.get()


def of_line(line_of, recovery: Recovery) -> list[tuple[str, dict]]:
    found = [one for one in line_of(recovery.person_id) if one.kind.startswith(("recovery.", "goodwill."))]
    return [(one.kind, {k: v for k, v in one.facts.items() if k not in ("conversation", "recovery")}) for one in found]


def test_a_step_is_done_once_and_can_be_taken_back(recovery, bo, line_of):
    for done in (True, True, False):
        actions.step(recovery.pk, 1, actor=bo, done=done)
    told = of_line(line_of, recovery)[1:]
    assert told == [
        ("recovery.stepped", {"step": "apology", "number": 1, "done": True}),
        ("recovery.stepped", {"step": "apology", "number": 1, "done": False}),
    ]
    with pytest.raises(NotVisible):
        actions.step(recovery.pk, 9, actor=bo)


def test_a_stranger_sees_nothing_and_a_reader_changes_nothing(recovery, dee, hire, inbox):
    analyst = hire("Nadia", role="analyst").as_actor((inbox.pk,))
    for actor, refusal in ((dee, NotVisible), (analyst, NotAllowed)):
        for verb in (
            lambda: actions.step(recovery.pk, 1, actor=actor),  # noqa: B023
            lambda: actions.give(recovery.pk, 1, actor=actor, once="a"),  # noqa: B023
            lambda: actions.close(recovery.pk, actor=actor, outcome="reached"),  # noqa: B023
        ):
            with pytest.raises(refusal):
                verb()
    assert queries.recoveries(dee) == []
    assert queries.counted(dee).running == 0


def test_goodwill_stays_within_what_the_role_may_give(recovery, bo, cy, boss, line_of):
    with pytest.raises(Refused, match="nothing more"):
        actions.give(recovery.pk, 1, actor=bo, once="a")
    actions.allow(Role.objects.get(name="agent").pk, 2500, actor=boss)
    actions.allow(Role.objects.get(name="lead").pk, 10000, actor=boss)
    first = actions.give(recovery.pk, 2000, actor=bo, words="A voucher", once="a")
    assert actions.give(recovery.pk, 2000, actor=bo, once="a") == first
    with pytest.raises(Refused, match=r"€5\.00"):
        actions.give(recovery.pk, 501, actor=bo, once="b")
    actions.give(recovery.pk, 8000, actor=cy, once="c")
    with pytest.raises(Refused):
        actions.give(recovery.pk, 1, actor=bo, once="d")
    told = [facts for kind, facts in of_line(line_of, recovery) if kind == "goodwill.given"]
    assert told == [{"amount_minor": 2000, "currency": "EUR"}, {"amount_minor": 8000, "currency": "EUR"}]
    assert recovery.steps.get(kind="goodwill").done_by == bo.agent_id
    with pytest.raises(NotAllowed):
        actions.give(recovery.pk, 1, actor=SYSTEM, once="e")


def test_a_refund_has_a_limit_of_its_own(recovery, bo, boss, line_of):
    role = Role.objects.get(name="agent").pk
    actions.allow(role, 2500, actor=boss)
    actions.allow(role, 4000, actor=boss, refund=True)
    actions.give(recovery.pk, 2500, actor=bo, once="a")
    actions.give(recovery.pk, 3000, actor=bo, refund=True, once="b")
    with pytest.raises(Refused, match=r"€10\.00"):
        actions.give(recovery.pk, 1001, actor=bo, refund=True, once="c")
    with pytest.raises(Refused, match="nothing more"):
        actions.give(recovery.pk, 1, actor=bo, once="d")
    told = [facts.get("refund", False) for kind, facts in of_line(line_of, recovery) if kind == "goodwill.given"]
    assert told == [False, True]


def test_only_who_runs_the_house_says_what_may_be_given(bo, boss):
    role = Role.objects.get(name="agent").pk
    with pytest.raises(NotAllowed):
        actions.allow(role, 100, actor=bo)
    actions.allow(role, 100, actor=boss)
    actions.allow(role, 0, actor=boss)
    assert queries.authorities(boss) == {}


def test_what_is_right_again_is_resolved_with_it(recovery, bo, line_of):
    actions.close(recovery.pk, actor=bo, outcome="reached", resolved=True, words="All good.")
    conversation = Conversation.objects.get(pk=recovery.conversation_id)
    assert (conversation.state, conversation.mark) == ("resolved", None)
    kind, facts = of_line(line_of, recovery)[-1]
    assert kind == "recovery.closed"
    assert (facts["outcome"], facts["resolved"], facts["in_time"]) == ("reached", True, True)
    with pytest.raises(Conflicting):
        actions.close(recovery.pk, actor=bo, outcome="missed")
    assert queries.running_in(bo, conversation.pk) is None


def test_a_deadline_is_in_open_hours(organization):
    """Friday at five, eight open hours of nine to six: Monday at four."""
    days = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    Organization.objects.update(calendars={"House": {"days": days, "holidays": []}})
    friday = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
    assert open_hours.after(friday, timedelta(hours=8)) == datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
    assert open_hours.after(friday, timedelta(hours=1)) == datetime(2026, 3, 6, 18, 0, tzinfo=UTC)
    Organization.objects.update(calendars={"House": {"days": {}, "holidays": []}})
    assert open_hours.after(friday, timedelta(hours=8)) == friday + timedelta(hours=8)


def test_what_is_late_goes_to_the_lead_once(recovery, cy, bo, line_of):
    assert actions.escalate_due() == 0
    Recovery.objects.filter(pk=recovery.pk).update(due_at=clock.now())
    assert actions.escalate_due() == 1
    assert actions.escalate_due() == 0
    conversation = Conversation.objects.get(pk=recovery.conversation_id)
    assert conversation.priority == Conversation.Priority.URGENT
    assert conversation.mark is not None
    assert conversation.mark["late"]
    assert list(Follower.objects.values_list("agent_id", flat=True)) == [cy.agent_id]
    assert [kind for kind, _facts in of_line(line_of, recovery)] == ["recovery.opened", "recovery.escalated"]
    assert [one.pk for one in queries.recoveries(bo, which="late")] == [recovery.pk]


def test_the_lead_a_rule_names_hears_of_it_alone(conversation, recover, cy, boss):
    Rule.objects.filter(metric="csat").update(lead=boss.agent_id)
    recover(score=1, conversation=conversation.pk)
    Recovery.objects.update(due_at=clock.now())
    actions.escalate_due()
    assert list(Follower.objects.values_list("agent_id", flat=True)) == [boss.agent_id]


def happened(kind: str, person: int, at: datetime, **facts: object) -> None:
    from django.db import transaction

    from careline.accounts.actor import Actor

    with transaction.atomic():
        touchpoints.record(kind, person=person, actor=Actor.customer(person, 1), source="shop", occurred_at=at, **facts)


@pytest.mark.parametrize(
    ("days", "back", "bought"),
    [([], False, False), ([5], False, True), ([30], True, True), ([60, 61], False, False), ([59], True, True)],
)
def test_what_became_of_them_is_read_when_sixty_days_have_passed(recovery, bo, days, back, bought):
    over = clock.now() - timedelta(days=120)
    Recovery.objects.filter(pk=recovery.pk).update(opened_at=over, due_at=over)
    actions.close(recovery.pk, actor=bo, outcome="reached", at=over)
    for n, day in enumerate(days):
        at = over + timedelta(days=day)
        happened("order.placed", recovery.person_id, at, order=f"A-{n}", total_minor=100, currency="EUR")
    assert actions.measure_due(at=over + timedelta(days=59)) == 0
    assert actions.measure_due() == 1
    assert actions.measure_due() == 0
    recovery.refresh_from_db()
    assert (recovery.came_back, recovery.bought, recovery.effort) == (back, bought, 0)
    counted = queries.counted(bo).reached
    assert (counted.n, counted.measured, counted.came_back, counted.bought) == (1, 1, back, bought)


@pytest.mark.parametrize(
    ("answers", "said"),
    [([], None), ([(5, "nps", 9, 10)], True), ([(5, "nps", 10, 10), (30, "nps", 3, 10)], False),
     ([(5, "nps", 0, 10), (59, "nps", 10, 10)], True), ([(61, "nps", 10, 10)], None), ([(5, "csat", 5, 5)], None)],
)  # fmt: skip
def test_who_was_won_back_and_recommends_us_is_found(recovery, bo, answers, said):
    over = clock.now() - timedelta(days=120)
    Recovery.objects.filter(pk=recovery.pk).update(opened_at=over, due_at=over)
    actions.close(recovery.pk, actor=bo, outcome="reached", at=over)
    for day, metric, score, top in answers:
        facts = {"survey": "recommend", "metric": metric, "score": score, "scale_max": top}
        happened("survey.answered", recovery.person_id, over + timedelta(days=day), **facts)
    assert actions.measure_due() == 1
    recovery.refresh_from_db()
    assert recovery.recommends is said
    counted = queries.counted(bo).reached
    assert (counted.said, counted.recommends) == (said is not None, said is True)
    assert [one.pk for one in queries.recoveries(bo, which="reached_recommends")] == [recovery.pk] * (said is True)


def test_a_rule_is_kept_and_taken_away_by_who_runs_the_house(boss, bo):
    ruling = actions.Ruling(cause="answer", metric="nps", at_most=3, minutes=60)
    with pytest.raises(NotAllowed):
        actions.keep_rule(ruling, actor=bo)
    rule = actions.keep_rule(ruling, actor=boss)
    assert (rule.top, rule.minutes, queries.rule(bo, rule.pk).at_most) == (10, 60, 3)
    for wrong in (
        actions.Ruling(cause="answer", metric="nps", at_most=10),
        actions.Ruling(cause="answer", metric="mood", at_most=1),
        actions.Ruling(cause="promise", owner="team"),
        actions.Ruling(cause="reopened", times=0),
        actions.Ruling(cause="promise", minutes=0),
        actions.Ruling(cause="weather"),
    ):
        with pytest.raises(Refused):
            actions.keep_rule(wrong, actor=boss, rule_id=rule.pk)
    actions.drop_rule(rule.pk, actor=boss)
    with pytest.raises(NotVisible):
        actions.drop_rule(rule.pk, actor=boss)


def test_an_erased_customer_is_not_won_back(recovery, ada, everything_said):
    from careline.kit import personal

    assert "Too slow." in everything_said()
    personal.erase(ada.pk)
    assert "Too slow." not in everything_said()
    recovery.refresh_from_db()
    assert recovery.outcome == "withdrawn"
    assert Conversation.objects.get(pk=recovery.conversation_id).mark is None


@pytest.fixture
def everything_said():
    return lambda: " ".join(Cause.objects.values_list("words", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_hear_of_two_answers_at_once_open_one(conversation, told, ada):
    moments = [told("survey.answered", score=score, conversation=conversation.pk) for score in (1, 2)]
    together = threading.Barrier(2)
    failed: list[BaseException] = []

    def hear(order: list) -> None:
        together.wait()
        try:
            for moment in order:
                reactions.recover([moment])
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=hear, args=(order,)) for order in (moments, moments[::-1])]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert failed == []
    assert Recovery.objects.count() == 1
    assert Cause.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_give_at_once_give_no_more_than_they_may(conversation, told, bo, boss):
    role = Role.objects.get(name="agent").pk
    actions.allow(role, 1000, actor=boss)
    reactions.recover([told("survey.answered", score=1, conversation=conversation.pk)])
    recovery = Recovery.objects.get()
    together = threading.Barrier(2)

    def give(once: str) -> None:
        together.wait()
        try:
            actions.give(recovery.pk, 700, actor=bo, once=once)
        except Refused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(once,)) for once in ("a", "b")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert Goodwill.objects.count() == 1
