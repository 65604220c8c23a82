"""By what is decided: limits on clocks of their own, priorities, quiet hours, silence, and the same key asked again."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from careline import contact, touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.contact import outlook, queries, reasons, ruling, scopes
from careline.contact.models import Decision, Scope
from careline.contact.scopes import Cap
from careline.customers import actions as customers
from careline.customers.models import Identity, Person
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.conversations import actions as talks

pytestmark = pytest.mark.django_db
DAY = 24
NINE = datetime.fromisoformat("2026-03-02T09:00:00Z")


@pytest.fixture(autouse=True)
def nothing_else(organization: Any) -> Any:
    """No limits but those of a test, and Monday at nine."""
    Scope.objects.update(caps=[], quiet_from=None, quiet_to=None)
    with time_machine.travel(NINE, tick=False) as clock_of_the_test:
        yield clock_of_the_test


def ruled(name: str, *caps: Cap, **rules: Any) -> None:
    known = Scope.objects.filter(name=name).first()
    rules = {"talks": "ignored", "promise_days": 0, "label": known.label if known else name} | rules
    ruling.keep_rules(name, ruling.Rules(caps=caps, **rules), actor=SYSTEM)


class Asking:
    """Asks each time with another key."""

    def __init__(self, person: Person) -> None:
        self.person, self.n = person, 0

    def __call__(self, purpose: str = "surveys", channel: str = "api") -> Decision:
        self.n += 1
        return contact.decide(self.person.pk, purpose, channel, f"key {self.n}")


@pytest.fixture
def ask(ada: Person) -> Asking:
    Identity.objects.create(person=ada, kind="visitor", scope="inbox:1", value="v", original="v")
    return Asking(ada)


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


def test_rules_are_kept_by_whoever_runs_the_house(boss: Actor, bo: Actor, ask: Asking) -> None:
    rules = ruling.Rules(label="NPS", caps=[Cap(1, 90 * DAY, "email")], quiet_days=[7, 6, 7], talks="ours")
    kept = ruling.keep_rules("surveys/nps", rules, actor=boss)
    assert kept.quiet_days == [6, 7]
    assert kept.caps == [{"most": 1, "hours": 2160, "channel": "email", "upto": "high"}]
    assert queries.rule(bo, "surveys/nps").label == "NPS"
    for change in (
        lambda: ruling.keep_rules("surveys/nps", rules, actor=bo),
        lambda: ruling.drop_rules("surveys/nps", actor=bo),
    ):
        with pytest.raises(NotAllowed):
            change()
    ruling.drop_rules("surveys/nps", actor=boss)
    for name in ("surveys/nps", "a\0"):
        with pytest.raises(NotVisible):
            ruling.drop_rules(name, actor=boss)
    with pytest.raises(Conflicting):
        ruling.drop_rules("any", actor=boss)


@pytest.mark.parametrize(
    ("name", "wrong", "field"),
    [
        ("Surveys", {}, "name"), ("surveys/", {}, "name"), ("any/x", {}, "name"), ("a/b/c/d/e", {}, "name"),
        ("x", {"label": " "}, "label"), ("x", {"priority": "vital"}, "priority"), ("x", {"talks": "no"}, "talks"),
        ("x", {"caps": [Cap(0, 1)]}, "caps"), ("x", {"caps": [Cap(1, 0)]}, "caps"),
        ("x", {"caps": [Cap(1, 1, upto="all")]}, "caps"), ("x", {"caps": [Cap(1, 1)] * 9}, "caps"),
        ("x", {"quiet_from": time(21)}, "quiet_from"),
        ("x", {"quiet_from": time(21), "quiet_to": time(21)}, "quiet_to"),
        ("x", {"quiet_days": [0]}, "quiet_days"), ("x", {"quiet_days": range(1, 8)}, "quiet_days"),
        ("x", {"promise_days": 366}, "promise_days"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_told_at_its_field(name: str, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        ruling.keep_rules(name, ruling.Rules(**{"label": "X"} | wrong), actor=SYSTEM)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"label": ""}, {"priority": "vital"}, {"talks": "x"}, {"quiet_from": time(9)},
        {"quiet_from": time(9), "quiet_to": time(9)}, {"quiet_days": [8]}, {"quiet_days": [1, 2, 3, 4, 5, 6, 7]},
        {"promise_days": -1},
    ],
)  # fmt: skip
def test_nor_does_the_database_take_it(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Scope.objects.create(**{"name": "x", "label": "X"} | wrong)


def test_every_house_begins_with_limits_and_quiet_nights() -> None:
    from importlib import import_module

    begun = import_module("careline.contact.migrations.0004_rules").SCOPES
    assert {one["name"]: one["label"] for one in begun} == scopes.LABELS
    assert {one["name"] for one in begun if "quiet_from" in one} == {"any", "surveys", "outreach"}
    assert set(Scope.objects.values_list("name", flat=True)) == set(scopes.LABELS)


def test_it_tells_all_that_was_looked_at_and_keeps_nothing(ada: Person, bo: Actor, ask: Asking) -> None:
    ruled("surveys", Cap(1, 30 * DAY), quiet_from=time(21), quiet_to=time(8), talks="open", promise_days=3)
    yes = outlook.outlook(bo, ada.pk, "surveys", "api")
    assert (yes.allowed, yes.scope, yes.retry_at) == (True, "surveys", None)
    assert [look.about for look in yes.looks if look.passes] == [
        "person", "hold", "consent", "reach", "talk", "promise", "limit", "quiet",
    ]  # fmt: skip
    assert yes.looks[6].words == "0 so far, at most 1 in 30 days (Surveys, all channels)."
    assert not Decision.objects.exists()
    ask()
    no = outlook.outlook(bo, ada.pk, "surveys", "api")
    assert (no.allowed, no.retry_at) == (False, NINE + timedelta(days=30))
    assert no.words == (
        "This person was written to as often as they may be: at most 1 in 30 days (Surveys, all channels)."
    )


def test_it_agrees_with_what_is_decided(ada: Person, bo: Actor, ask: Asking, conversation: Any) -> None:
    for purpose in ("surveys", "outreach", "conversation", "anything"):
        told, done = outlook.outlook(bo, ada.pk, purpose, "api"), ask(purpose)
        assert (told.allowed, told.retry_at) == (done.allowed, done.retry_at)
        assert told.words == contact.words(done.reason, done.terms)


def test_only_of_customers_one_sees(ada: Person, bo: Actor) -> None:
    with pytest.raises(NotAllowed):
        outlook.outlook(Actor.customer(ada.pk, 1), ada.pk, "surveys", "api")
    with pytest.raises(NotVisible):
        outlook.outlook(bo, 999_999, "surveys", "api")


def asked_of_the_database(person: Person, key: str) -> list[str]:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        contact.decide(person.pk, "surveys/nps", "email", key)
    return [one["sql"] for one in asked]


def test_a_decision_costs_the_same_however_long_the_log_and_the_rules_are(ada: Person) -> None:
    """What holds p95 under 20 ms: so many statements, and none that walks the log (docs/performance.md)."""
    ruled("surveys", Cap(1000, 30 * DAY))
    few = asked_of_the_database(ada, "few")
    ruled("any", *[Cap(1000, hours) for hours in range(1, 9)])
    ruled("surveys/nps", *[Cap(1000, hours) for hours in range(1, 9)])
    old = clock.now() - timedelta(days=400)
    Decision.objects.bulk_create(
        Decision(key=f"old {n}", person=ada, purpose="surveys", channel="email", allowed=True, at=old)
        for n in range(300)
    )
    assert len(asked_of_the_database(ada, "many")) == len(few) <= 7


def test_limits_are_read_from_the_persons_own_stretch_of_the_log(ada: Person) -> None:
    from careline.contact import hot

    with connection.cursor() as cursor:
        # Small tables would be read whole whatever index there is.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        types = {"text": "text", "bigint": "bigint", "timestamptz": "timestamptz", "text[]": "text[]"}
        names = hot.KNOWN.names
        casts = [re.search(rf"\${n}::([a-z]+(?:\[\])?)", hot.KNOWN.text)[1] for n in range(1, len(names) + 1)]
        assert set(casts) <= set(types)
        given = {"text": "'surveys'", "bigint": "1", "timestamptz": "'2026-01-01Z'", "text[]": "'{any,surveys}'"}
        cursor.execute(f"PREPARE known ({', '.join(casts)}) AS {hot.KNOWN.text}")
        cursor.execute(f"EXPLAIN EXECUTE known ({', '.join(given[one] for one in casts)})")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("DEALLOCATE known")
    assert "decision_counted" in plan, plan
    assert "Seq Scan on contact_decision" not in plan
    assert "Seq Scan on customers_person" not in plan
