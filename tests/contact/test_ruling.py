"""Who keeps the rules, what cannot be kept, and what would be decided now."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from careline import contact
from careline.accounts.actor import SYSTEM, Actor
from careline.contact import outlook, queries, ruling, scopes
from careline.contact.models import Decision, Scope
from careline.contact.scopes import Cap
from careline.customers.models import Person
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from tests.contact.asking import NINE, Asking, ask, nothing_else, ruled

__all__ = ["ask", "nothing_else"]

pytestmark = pytest.mark.django_db
DAY = 24


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


def test_the_room_offers_its_verbs_by_name() -> None:
    verbs: list[Any] = [contact.decide, contact.hold, contact.release, contact.words]
    assert all(callable(verb) for verb in verbs)
    with pytest.raises(AttributeError):
        contact.nothing_of_this_name  # noqa: B018
