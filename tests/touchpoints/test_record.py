"""Writing on the line."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.kit import bus, clock
from careline.kit.refusals import Refused
from careline.touchpoints import kinds
from careline.touchpoints.actions import digest
from careline.touchpoints.models import Seen, Touchpoint
from careline.touchpoints.moments import COLUMNS


def tracked(name: str = "sign-up", **given: object) -> uuid.UUID | None:
    return touchpoints.record(
        "event.tracked", **{"person": 7, "actor": SYSTEM, "source": "track:1", "name": name} | given
    )  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_moment_is_written_with_everything_told_of_it(bo, nine):
    written = touchpoints.record(
        "conversation.resolved", person=7, actor=bo, inbox=3, source="conversation:1001", occurred_at=nine,
        conversation=1001, minutes_open=42,
    )  # fmt: skip
    [moment] = Touchpoint.objects.all()
    assert moment.id == written
    assert (moment.kind, moment.version, moment.person_id, moment.inbox_id) == ("conversation.resolved", 1, 7, 3)
    assert (moment.actor_kind, moment.actor_id, moment.source) == ("agent", bo.id, "conversation:1001")
    assert moment.journey == "conversation:1001"
    assert moment.occurred_at == nine
    assert clock.now() - moment.recorded_at < timedelta(minutes=1)
    assert moment.facts == {"conversation": 1001, "minutes_open": 42}


@pytest.mark.django_db
def test_an_order_names_its_journey():
    touchpoints.record(
        "order.placed", person=7, actor=SYSTEM, source="shop:1", order="A-17", total_minor=2590, currency="EUR",
        items=[{"name": "Lamp", "quantity": 1}],
    )  # fmt: skip
    assert Touchpoint.objects.get().journey == "order:A-17"


@pytest.mark.django_db(transaction=True)
def test_a_moment_outside_a_transaction_is_a_mistake_of_the_program():
    with pytest.raises(RuntimeError, match="transaction"):
        tracked()
    with pytest.raises(RuntimeError, match="transaction"):
        touchpoints.record_many([touchpoints.row("event.tracked", person=7, actor=SYSTEM, source="track:1", name="x")])


@pytest.mark.django_db(transaction=True)
def test_a_moment_goes_with_its_verb():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tracked()
        raise ZeroDivisionError
    assert not Touchpoint.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "given", "word"),
    [
        ("event.trackd", {"name": "x"}, "no touchpoint of the kind"),
        ("event.tracked", {"name": "x", "mood": 3}, "mood"),
        ("event.tracked", {}, "name"),
        ("event.tracked", {"name": 3}, "Expected `str`"),
        ("event.tracked", {"name": "x", "person": None}, "about a person"),
        ("event.tracked", {"name": "x", "properties": {"a": "\0"}}, "NUL"),
        ("event.tracked", {"name": "x", "properties": {"a": "\ud800"}}, "half of a character"),
        ("event.tracked", {"name": "x", "occurred_at": datetime(2199, 1, 1, tzinfo=UTC)}, "future"),
        ("agent.status-changed", {"status": "away", "agent": 4}, "carries no person"),
        ("agent.status-changed", {"status": "away", "person": None}, "about an agent"),
        ("conversation.prioritized", {"conversation": 1, "priority": 9}, "<= 4"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(kind, given, word):
    with pytest.raises(Refused, match=word):
        touchpoints.record(kind, **{"person": 7, "actor": SYSTEM, "source": "track:1"} | given)
    assert not Touchpoint.objects.exists()


@pytest.mark.django_db
def test_six_typed_characters_are_not_a_nul():
    tracked(properties={"a": "\\u0000"})
    assert Touchpoint.objects.get().facts["properties"] == {"a": "\\u0000"}


def test_a_time_without_a_zone_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="zone"):
        touchpoints.row(
            "event.tracked", person=7, actor=SYSTEM, source="track:1", name="x", occurred_at=datetime(2026, 3, 2)
        )


@pytest.mark.django_db
def test_a_key_lands_once_and_belongs_to_its_kind():
    first = tracked(key="a-1")
    assert first is not None
    assert tracked(key="a-1") is None
    assert tracked(key="a-2") is not None
    assert touchpoints.record("page.viewed", person=7, actor=SYSTEM, source="track:1", key="a-1") is not None
    assert Touchpoint.objects.count() == 3
    assert Seen.objects.get(scope="event.tracked", key=digest("a-1")).touchpoint_id == first


@pytest.mark.django_db(transaction=True)
def test_of_two_transactions_with_one_key_one_writes():
    together = threading.Barrier(2)
    written: list[object] = []

    def write() -> None:
        try:
            with transaction.atomic():
                connection.ensure_connection()
                together.wait(60)
                written.append(tracked(key="a-1"))
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(one is None for one in written) == [False, True]
    assert Touchpoint.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_of_a_verb_that_failed_is_free_again():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tracked(key="a-1")
        raise ZeroDivisionError
    with transaction.atomic():
        assert tracked(key="a-1") is not None


@pytest.mark.django_db(transaction=True)
def test_subscribers_are_woken_once_a_transaction_and_only_by_a_commit():
    woken: list[str] = []
    leave = bus.subscribe("touchpoints", lambda topic, message: woken.append(topic))
    try:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            tracked()
            raise ZeroDivisionError
        assert woken == []
        with transaction.atomic():
            tracked()
            with transaction.atomic():
                tracked()
            assert woken == []
        assert woken == ["touchpoints"]
    finally:
        leave()


@pytest.mark.django_db(transaction=True)
def test_a_savepoint_that_is_undone_does_not_take_the_wake_up_along():
    woken: list[str] = []
    leave = bus.subscribe("touchpoints", lambda topic, message: woken.append(topic))
    try:
        with transaction.atomic():
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                tracked()
                raise ZeroDivisionError
            tracked()
        assert woken == ["touchpoints"]
    finally:
        leave()


@pytest.mark.django_db
def test_many_are_written_by_copy_as_one_is_by_insert(nine):
    rows = [
        touchpoints.row(
            "event.tracked",
            person=n,
            actor=SYSTEM,
            source="track:1",
            name=f"tab\t, line\n and \\N {n}",
            occurred_at=nine,
        )
        for n in range(300)
    ]
    assert touchpoints.record_many(iter(rows)) == 300
    found = Touchpoint.objects.order_by("person_id").values_list(*COLUMNS)
    for written, read in zip(rows, found, strict=True):
        assert written[:-1] == read[:-1]
        assert read[-1] == {"name": f"tab\t, line\n and \\N {read[3]}"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", ["UPDATE touchpoints_touchpoint SET kind = 'x'", "DELETE FROM touchpoints_touchpoint"]
)
def test_a_touchpoint_stays_as_it_was_written(change, nine):
    tracked()
    tracked(occurred_at=nine)
    with (
        pytest.raises(IntegrityError, match="stays as it was written"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert Touchpoint.objects.filter(kind="event.tracked").count() == 2


@pytest.mark.django_db
def test_not_even_by_way_of_its_partition():
    tracked()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM touchpoints_touchpoint")
        [[partition]] = cursor.fetchall()
    assert partition != "touchpoints_touchpoint"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {partition}")


def test_no_fact_is_named_like_a_column():
    taken = {"kind", "actor", "source", "person", "agent", "inbox", "journey", "occurred_at", "recorded_at", "key"}
    for kind in kinds.KINDS.values():
        assert not taken & set(kind.facts.__struct_fields__), kind.name


def test_every_personal_fact_may_be_missing():
    for kind in kinds.KINDS.values():
        required = set(kind.facts.__struct_fields__[: -len(kind.facts.__struct_defaults__) or None])
        for name in kind.facts.personal:
            assert name in kind.facts.__struct_fields__, f"{kind.name} has no {name}"
            assert name not in required, f"{kind.name} could not be read after {name} was erased"


def test_kinds_are_nouns_with_what_happened_to_them():
    for name, kind in kinds.KINDS.items():
        assert kind.name == name
        noun, dot, happened = name.partition(".")
        assert noun
        assert dot
        assert happened.replace("-", "").isalpha()


def test_a_row_has_its_columns_in_the_named_order():
    values = touchpoints.row("event.tracked", person=7, actor=SYSTEM, source="track:1", name="x")
    given = dict(zip(COLUMNS, values, strict=True))
    assert (given["kind"], given["person_id"], given["actor_kind"]) == ("event.tracked", 7, "system")


@pytest.mark.django_db
def test_what_statements_of_other_rooms_write_fits_the_catalog(conversation, bo, line_of):
    """They insert by SQL of their own, which no schema checks on the way."""
    from careline.service.conversations import actions as conversations

    conversations.reply(conversation.pk, actor=bo, body="Let me look.")
    conversations.note(conversation.pk, actor=bo, body="The carrier is late again.")
    conversations.resolve(conversation.pk, actor=bo)
    conversations.hear(conversation.pk, actor=Actor.customer(conversation.person_id, bo.inbox_ids[0]), body="And?")
    found = line_of(conversation.person_id)
    assert {
        "conversation.opened", "message.received", "message.sent", "message.noted", "conversation.resolved",
        "conversation.reopened",
    } <= {moment.kind for moment in found}  # fmt: skip
    for moment in found:
        kind = kinds.named(moment.kind)
        kind.check(moment.facts)
        assert moment.version == kind.version
        assert moment.journey == f"conversation:{conversation.pk}"
