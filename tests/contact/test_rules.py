"""By what is decided: limits on clocks of their own, priorities, quiet hours, silence, and the same key asked again."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from careline import contact, touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.contact import reasons
from careline.contact.models import Decision, Scope
from careline.contact.scopes import Cap
from careline.customers import actions as customers
from careline.customers.models import Identity, Person
from careline.kit import clock
from careline.kit.refusals import Conflicting
from careline.service.conversations import actions as talks
from tests.contact.asking import NINE, Asking, ask, nothing_else, ruled

__all__ = ["ask", "nothing_else"]
pytestmark = pytest.mark.django_db
DAY = 24


def test_so_many_and_no_more_until_the_first_grows_old(ask: Asking, nothing_else: Any) -> None:
    ruled("surveys", Cap(2, 7 * DAY))
    assert ask().allowed
    nothing_else.shift(timedelta(days=1))
    assert ask().allowed
    no = ask()
    assert (no.allowed, no.reason, no.retry_at) == (False, reasons.LIMIT, NINE + timedelta(days=7))
    nothing_else.move_to(no.retry_at - timedelta(microseconds=1))
    assert not ask().allowed
    nothing_else.move_to(no.retry_at)
    assert ask().allowed
    assert ask().retry_at == NINE + timedelta(days=8)


def test_each_type_has_its_own_clock_and_counts_for_all_surveys(ask: Asking, nothing_else: Any) -> None:
    ruled("surveys", Cap(2, DAY))
    ruled("surveys/nps", Cap(1, 90 * DAY))
    assert ask("surveys/nps").allowed
    no = ask("surveys/nps")
    assert (no.terms["scope"], no.retry_at) == ("surveys/nps", NINE + timedelta(days=90))
    assert ask("surveys/csat").allowed
    assert ask("surveys/csat").terms["scope"] == "surveys"
    nothing_else.shift(timedelta(days=2))
    assert ask("surveys/csat").allowed
    assert not ask("surveys/nps").allowed


def test_outreach_counts_before_a_survey_where_everything_is_limited(ask: Asking) -> None:
    ruled("any", Cap(1, 7 * DAY))
    ruled("surveys")
    assert ask("outreach/newsletter").allowed
    assert ask("surveys").reason == reasons.LIMIT
    assert ask("news").reason == reasons.LIMIT, "what has no scope of its own is in everything"


def test_one_channel_or_all_of_them(ask: Asking) -> None:
    ruled("surveys", Cap(1, DAY, "api"), Cap(2, DAY))
    assert ask(channel="api").allowed
    assert ask(channel="api").terms["channel"] == "api"
    assert ask(channel="webchat").allowed
    assert ask(channel="webchat").terms["channel"] == ""


def test_a_limit_leaves_room_for_what_is_more_important(ask: Asking) -> None:
    ruled("any", Cap(1, DAY, upto="normal"), Cap(2, DAY))
    ruled("outreach", priority="low")
    ruled("surveys/recovery", priority="high")
    assert ask("outreach").allowed
    assert ask("surveys").reason == reasons.LIMIT
    assert ask("surveys/recovery").allowed
    assert ask("surveys/recovery").reason == reasons.LIMIT


def test_neither_refusals_nor_acknowledgements_count(ask: Asking, ada: Person) -> None:
    ruled("any", Cap(1, DAY))
    held = contact.hold(ada.pk, "Hm", actor=SYSTEM)
    assert not ask().allowed
    contact.release(held.pk, actor=SYSTEM)
    for n in range(3):
        assert contact.decide(ada.pk, "acknowledgement", "api", f"auto {n}").allowed
    assert ask().allowed
    assert contact.decide(ada.pk, "acknowledgement", "api", "one more").allowed


def test_joined_people_share_their_limits(ask: Asking, ada: Person) -> None:
    ruled("surveys", Cap(1, DAY))
    twin = Person.objects.create(name="Ada M.")
    assert ask().allowed
    assert contact.decide(twin.pk, "surveys", "api", "alone").reason == reasons.UNREACHABLE
    customers.merge(ada.pk, twin.pk, actor=SYSTEM)
    assert contact.decide(twin.pk, "surveys", "api", "twin").reason == reasons.LIMIT


def test_what_an_agent_begins_counts_and_is_not_held_back(ask: Asking) -> None:
    Scope.objects.filter(name="any").update(caps=[{"most": 1, "hours": DAY, "channel": "", "upto": "normal"}])
    assert [ask("conversation").allowed for _n in range(3)] == [True, True, True]
    assert ask("surveys").reason == reasons.LIMIT


def test_at_night_where_they_live_nothing_rings(ask: Asking, ada: Person) -> None:
    ruled("surveys", quiet_from=time(21), quiet_to=time(8))
    assert ask().allowed, "it is nine in the house"
    Person.objects.filter(pk=ada.pk).update(zone="America/Los_Angeles")
    no = ask()
    assert (no.reason, no.retry_at) == (reasons.QUIET, datetime.fromisoformat("2026-03-02T16:00:00Z"))
    assert contact.words(no.reason, no.terms) == (
        "It is 01:00 where this person is (America/Los_Angeles): quiet hours."
    )
    assert ask(channel="webchat").allowed, "the chat waits until they come by"


def test_the_zone_of_any_of_joined_people_or_else_of_the_house(ask: Asking, ada: Person) -> None:
    ruled("surveys", quiet_from=time(21), quiet_to=time(8))
    Person.objects.create(name="Ada M.", canonical=ada, zone="Asia/Tokyo")
    assert ask().allowed
    Person.objects.filter(canonical=ada).update(zone="America/Los_Angeles")
    assert not ask().allowed


def test_a_limit_that_ends_in_the_night_is_over_in_the_morning(ask: Asking) -> None:
    ruled("surveys", Cap(1, 14), quiet_from=time(21), quiet_to=time(8))
    assert ask().allowed
    assert ask().retry_at == datetime.fromisoformat("2026-03-03T08:00:00Z")


def test_while_a_talk_is_open_and_from_its_end_on(conversation: Any, bo: Actor, ask: Asking) -> None:
    """Without any worker: what is open is looked up, and nothing is late."""
    ruled("surveys", talks="open")
    ruled("outreach", talks="ours")
    no = ask("surveys")
    assert (no.reason, no.retry_at) == (reasons.TALKING, None)
    assert ask("outreach").reason == reasons.AWAITED
    talks.reply(conversation.pk, actor=bo, body="It comes tomorrow.")
    assert ask("surveys").reason == reasons.TALKING
    assert ask("outreach").allowed
    talks.resolve(conversation.pk, actor=bo)
    assert ask("surveys").allowed
    talks.reopen(conversation.pk, actor=bo)
    assert ask("surveys").reason == reasons.TALKING


def test_talks_of_joined_people_are_theirs_and_spam_is_no_talk(conversation: Any, bo: Actor, ada: Person) -> None:
    ruled("surveys", talks="open")
    twin = Person.objects.create(name="Ada M.")
    Identity.objects.create(person=twin, kind="email", value="a@x.example", original="a@x.example")
    assert contact.decide(twin.pk, "surveys", "api", "alone").allowed
    customers.merge(twin.pk, ada.pk, actor=bo)
    assert contact.decide(twin.pk, "surveys", "api", "joined").reason == reasons.TALKING
    talks.spam(conversation.pk, actor=bo)
    assert contact.decide(twin.pk, "surveys", "api", "spam").allowed


@pytest.mark.parametrize("good", ["conversation.resolved", "order.delivered"])
def test_while_a_promise_is_broken_until_it_is_made_good(
    ask: Asking, ada: Person, nothing_else: Any, good: str
) -> None:
    ruled("surveys", promise_days=14)
    about = {"conversation": 7} if good.startswith("conversation") else {"order": "A-17"}
    with transaction.atomic():
        touchpoints.record(
            "promise.broken", person=ada.pk, actor=SYSTEM, source="promise:1", promise="first-reply", **about
        )
    no = ask()
    assert (no.reason, no.retry_at) == (reasons.PROMISED, NINE + timedelta(days=14))
    assert contact.words(no.reason, no.terms).endswith("not made good yet: first-reply.")
    nothing_else.shift(timedelta(hours=1))
    with transaction.atomic():
        touchpoints.record(good, person=ada.pk, actor=SYSTEM, source="x:1", **about)
    assert ask().allowed


def test_a_promise_nobody_made_good_is_past_one_day(ask: Asking, ada: Person, nothing_else: Any) -> None:
    ruled("surveys", promise_days=14)
    with transaction.atomic():
        # What was good before it was broken mends nothing.
        touchpoints.record("conversation.resolved", person=ada.pk, actor=SYSTEM, source="x:1", conversation=7)
    nothing_else.shift(timedelta(hours=1))
    with transaction.atomic():
        touchpoints.record(
            "promise.broken", person=ada.pk, actor=SYSTEM, source="promise:1", promise="call-back", conversation=7
        )
    no = ask()
    assert ask("outreach").allowed is (Scope.objects.get(name="outreach").promise_days == 0)
    assert no.retry_at is not None
    nothing_else.move_to(no.retry_at)
    assert ask().allowed


def test_a_no_that_ends_is_asked_again_under_its_key(ada: Person, ask: Asking, nothing_else: Any, line_of: Any) -> None:
    ruled("surveys", Cap(1, DAY))
    ask()
    no = contact.decide(ada.pk, "surveys", "api", "survey:1")
    assert contact.decide(ada.pk, "surveys", "api", "survey:1").pk == no.pk
    nothing_else.move_to(no.retry_at)
    yes = contact.decide(ada.pk, "surveys", "api", "survey:1")
    assert (yes.allowed, yes.attempt) == (True, 2)
    nothing_else.shift(timedelta(days=3))
    assert contact.decide(ada.pk, "surveys", "api", "survey:1").pk == yes.pk, "a yes is said once"
    assert len(line_of(ada.pk)) == 3
    with pytest.raises(Conflicting):
        contact.decide(ada.pk, "outreach", "api", "survey:1")


def test_a_no_without_an_end_stands(ada: Person, nothing_else: Any) -> None:
    customers.say_consent(ada.pk, "surveys", given=False, actor=SYSTEM)
    no = contact.decide(ada.pk, "surveys", "api", "k")
    customers.say_consent(ada.pk, "surveys", given=True, actor=SYSTEM)
    nothing_else.shift(timedelta(days=30))
    assert contact.decide(ada.pk, "surveys", "api", "k").pk == no.pk


def test_the_reason_that_lasts_longest_is_told(ada: Person, ask: Asking) -> None:
    ruled("surveys", Cap(1, 30 * DAY), quiet_from=time(8), quiet_to=time(18))
    Scope.objects.filter(name="surveys").update(quiet_from=None, quiet_to=None)
    ask()
    Scope.objects.filter(name="surveys").update(quiet_from=time(8), quiet_to=time(18))
    contact.hold(ada.pk, "Hm", clock.now() + timedelta(days=3), actor=SYSTEM)
    no = ask()
    assert (no.reason, no.retry_at) == (reasons.LIMIT, datetime.fromisoformat("2026-04-01T18:00:00Z"))
    contact.hold(ada.pk, "Asked for silence", actor=SYSTEM)
    assert (ask().reason, ask().retry_at) == (reasons.HELD, None)


def test_the_database_refuses_what_cannot_be(ada: Person) -> None:
    whole = {"key": "k", "person": ada, "purpose": "p", "channel": "c", "allowed": True}
    Decision.objects.create(**whole)
    for wrong in (whole, whole | {"attempt": 2, "retry_at": clock.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(**wrong)


def test_a_no_to_surveys_is_a_no_to_each_of_them(ask: Asking, ada: Person) -> None:
    customers.say_consent(ada.pk, "surveys", given=False, actor=SYSTEM)
    assert ask("surveys/nps").reason == reasons.WITHDRAWN
    assert ask("outreach").allowed
    customers.say_consent(ada.pk, "newsletter", given=False, actor=SYSTEM)
    assert ask("outreach/newsletter").reason == reasons.WITHDRAWN
    with pytest.raises(Conflicting, match="always say no"):
        customers.drop_purpose("surveys", actor=SYSTEM)
