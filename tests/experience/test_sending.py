"""Who is asked when: decided once it is due, sent once, reminded, and told why not."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import OperationalError

from careline.accounts.actor import SYSTEM
from careline.contact.models import Decision, Scope
from careline.customers.models import Identity
from careline.experience.surveys import actions as surveys
from careline.experience.surveys.models import Invitation, Response
from careline.experience.surveys.sending import due, planning, queries
from careline.kit import clock, personal
from careline.service.conversations import actions as talks
from careline.touchpoints.models import Touchpoint
from tests.experience.asked import CSAT, NPS, own
from tests.experience.sending import NINE, after_orders, happened, heard, hour, later, only, order, plan, post

__all__ = ["after_orders", "hour", "plan", "post"]


def test_a_day_after_the_moment_and_not_before(after_orders, post, ada, hour):
    order(ada)
    assert (due.send_due(), only().state, only().due_at) == (0, "waiting", NINE + timedelta(days=1))
    later(hour, days=1)
    assert due.send_due() == 1
    sent = only()
    assert (sent.state, sent.way, sent.sent_at) == ("sent", "email", clock.now())
    assert sent.response.fields == {"order": "A-17"}
    assert post.left == [(sent.response_id, "email")]
    assert Decision.objects.get().key == f"{sent.key}:email"
    assert (due.send_due(), len(post.left)) == (0, 1)


def test_the_same_moment_heard_again_asks_nobody_again(after_orders, post, ada, hour):
    order(ada)
    heard(Touchpoint.objects.get(kind="order.placed").id)
    assert Invitation.objects.count() == 1


def test_what_happened_before_it_was_on_or_long_ago_is_not_asked_about(after_orders, post, ada, hour):
    happened("order.placed", ada.pk, NINE - timedelta(minutes=1), order="B-1", total_minor=1, currency="EUR")
    later(hour, days=40)
    happened("order.placed", ada.pk, NINE + timedelta(days=1), order="B-2", total_minor=1, currency="EUR")
    assert not Invitation.objects.exists()


def test_in_the_night_it_waits_for_the_morning(after_orders, post, ada, hour):
    Scope.objects.filter(name="surveys").update(quiet_from=time(21), quiet_to=time(8))
    order(ada)
    hour.move_to(NINE + timedelta(days=1, hours=13))  # 22:00
    due.send_due()
    waiting = only()
    assert (waiting.state, waiting.due_at) == ("waiting", datetime(2026, 3, 4, 8, tzinfo=UTC))
    assert "quiet hours" in queries.asked(SYSTEM, after_orders.survey_id, after_orders.pk)[0].reason
    assert not Response.objects.exists()
    hour.move_to(waiting.due_at)
    due.send_due()
    assert (only().state, only().reason, len(post.left)) == ("sent", "", 1)


def test_a_no_that_stands_is_a_refusal_with_its_reason(after_orders, post, ada, boss, hour, line_of):
    from careline.customers import actions as customers

    order(ada)
    customers.say_consent(ada.pk, "surveys", given=False, actor=boss)
    later(hour, days=1)
    due.send_due()
    assert (only().state, post.left) == ("refused", [])
    [told] = [one for one in line_of(ada.pk) if one.kind == "contact.decided"]
    assert told.facts["allowed"] is False
    counts = queries.plan(boss, after_orders.survey_id, after_orders.pk).counts
    assert counts.why == [("refused", "This person does not want to be written to for this.", 1)]
    assert not Response.objects.exists()


def test_a_way_that_leads_nowhere_counts_nothing_and_the_next_is_tried(publish, plan, post, ada, hour):
    plan(publish(CSAT), moment="order.placed", delay_minutes=0, ways=["conversation", "email"])
    Identity.objects.create(person=ada, kind="visitor", scope="inbox:1", value="v", original="v")
    post.broken = {"conversation"}
    order(ada)
    due.send_due()
    assert [way for _response, way in post.left] == ["email"]
    assert Decision.objects.get().channel == "email"


def test_where_no_way_leads_it_failed_in_words(publish, plan, post, ada, hour):
    plan(publish(CSAT), moment="order.placed", delay_minutes=0)
    post.broken = {"email"}
    order(ada)
    due.send_due()
    assert (only().state, only().reason) == ("failed", "This way leads nowhere.")
    assert not Decision.objects.exists()
    assert not Response.objects.exists()


def test_while_somebody_talks_with_us_it_waits_until_that_is_over(after_orders, post, ada, conversation, cy, hour):
    Scope.objects.filter(name="surveys").update(talks="open")
    order(ada)
    later(hour, days=1)
    due.send_due()
    assert (only().state, only().due_at, post.left) == ("waiting", clock.now() + timedelta(hours=6), [])
    assert not Decision.objects.exists()
    talks.resolve(conversation.pk, actor=cy)
    later(hour, hours=6)
    due.send_due()
    assert only().state == "sent"


def test_a_conversation_that_is_opened_again_is_asked_about_once_it_is_over(
    publish, plan, post, ada, conversation, inbox, hour
):
    plan(publish(CSAT))
    said = {"inbox": inbox.pk, "conversation": conversation.pk}
    happened("conversation.resolved", ada.pk, clock.now(), **said)
    assert (only().conversation, only().inbox_id) == (conversation.pk, inbox.pk)
    later(hour, hours=1)
    happened("conversation.reopened", ada.pk, clock.now(), **said)
    assert (only().state, only().reason) == ("cancelled", "The conversation was opened again.")
    later(hour, hours=1)
    happened("conversation.resolved", ada.pk, clock.now(), **said)
    assert sorted(Invitation.objects.values_list("state", flat=True)) == ["cancelled", "waiting"]


def test_who_answered_meanwhile_is_not_asked(publish, plan, post, say, ada, conversation, inbox, boss, hour):
    survey = publish(CSAT)
    plan(survey)
    happened("conversation.resolved", ada.pk, clock.now(), inbox=inbox.pk, conversation=conversation.pk)
    say(own(surveys.invite(survey.pk, None, conversation=conversation.pk, actor=boss)), "csat", 5)
    later(hour, days=1)
    due.send_due()
    assert (only().state, only().reason) == ("cancelled", "They had answered already.")


def test_an_answer_about_an_earlier_end_keeps_nobody_from_being_asked_again(
    publish, plan, post, say, ada, conversation, inbox, boss, hour
):
    survey = publish(CSAT)
    say(own(surveys.invite(survey.pk, None, conversation=conversation.pk, actor=boss)), "csat", 5)
    later(hour, days=1)
    plan(survey)
    happened("conversation.resolved", ada.pk, clock.now(), inbox=inbox.pk, conversation=conversation.pk)
    later(hour, days=1)
    due.send_due()
    assert only().state == "sent"


@pytest.mark.parametrize("how", ["off", "closed", "too late"])
def test_what_is_over_asks_nobody(how, after_orders, post, ada, boss, hour):
    order(ada)
    if how == "off":
        planning.switch_off(after_orders.pk, actor=boss)
        assert only().state == "cancelled"
    elif how == "closed":
        surveys.close(after_orders.survey_id, actor=boss)
    later(hour, days=16 if how == "too late" else 1)
    due.send_due()
    assert (only().state, post.left) == ("cancelled", [])
    assert only().reason


def test_what_went_wrong_is_tried_again_and_leaves_nothing_behind(after_orders, post, ada, hour):
    order(ada)
    later(hour, days=1)
    post.falls_over = RuntimeError("no")
    assert due.send_due() == 0
    assert (only().state, only().failures, Response.objects.count(), Decision.objects.count()) == ("waiting", 1, 0, 0)
    assert due.send_due() == 0
    post.falls_over = None
    later(hour, minutes=1)
    assert (due.send_due(), only().state, len(post.left)) == (1, "sent", 1)


def test_a_process_that_died_while_it_sent_is_taken_over(after_orders, post, ada, hour):
    order(ada)
    later(hour, days=1)
    post.falls_over = OperationalError("the connection went away")
    with pytest.raises(OperationalError):
        due.send_due()
    post.falls_over = None
    assert due.send_due() == 0
    later(hour, minutes=5)
    assert (due.send_due(), only().state, len(post.left), Decision.objects.count()) == (1, "sent", 1, 1)


def test_who_has_not_begun_is_reminded_at_most_so_often(publish, plan, post, ada, hour, boss):
    one = plan(publish(CSAT), moment="order.placed", delay_minutes=0, reminders=2, remind_days=3, ends_days=30)
    order(ada)
    due.send_due()
    for _n in range(4):
        later(hour, days=3)
        due.remind_due()
    assert len(post.left) == 3
    assert len({response for response, _way in post.left}) == 1
    assert [one.purpose for one in Decision.objects.order_by("pk")] == ["surveys", *["surveys/reminders"] * 2]
    assert queries.plan(boss, one.survey_id, one.pk).counts.reminded == 1


def test_who_has_begun_is_not_reminded(publish, plan, post, say, ada, hour):
    plan(publish(NPS, CSAT), moment="order.placed", delay_minutes=0, reminders=1)
    order(ada)
    due.send_due()
    say(own(only().response), "nps", 0)
    later(hour, days=3)
    due.remind_due()
    assert (len(post.left), only().remind_at) == (1, None)


def test_a_reminder_is_a_contact_and_keeps_the_limits(publish, plan, post, ada, hour):
    Scope.objects.filter(name="surveys").update(caps=[{"most": 1, "hours": 720, "channel": "", "upto": "high"}])
    plan(publish(CSAT), moment="order.placed", delay_minutes=0, reminders=1)
    order(ada)
    due.send_due()
    later(hour, days=3)
    due.remind_due()
    assert (len(post.left), only().state, only().remind_at) == (1, "sent", None)
    assert "as often as they may be" in only().reason


def test_an_erased_customer_stays_a_number(after_orders, post, ada, boss, hour):
    order(ada)
    personal.erase(ada.pk)
    gone = only()
    assert (gone.state, gone.person_id, gone.journey, gone.fields) == ("cancelled", None, "", {})
    assert personal.export(ada.pk).get("surveys.Invitation", []) == []
