"""What the line gives out of a person, and what of it goes."""

from __future__ import annotations

import json

import msgspec
import pytest
from django.db import IntegrityError, connection, transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.kit import ids, personal
from careline.touchpoints import kinds, remaining, subscribers
from careline.touchpoints.models import Parked, Touchpoint
from careline.touchpoints.subscribers import registry
from tests.touchpoints.conftest import wait_for_the_horizon

pytestmark = pytest.mark.django_db
SECRET = "ada-lovelace"
NAMED = {"currency": "EUR", "until": "2026-03-02T09:00:00+00:00", "due_at": "2026-03-02T09:00:00+00:00"}


def everything_of(person: int) -> None:
    """One touchpoint of each kind that is about a person, each personal fact filled."""
    for kind in kinds.KINDS.values():
        if kind.subject != "person":
            continue
        facts = {}
        for field in msgspec.structs.fields(kind.facts):
            if field.required or field.name in kind.facts.personal:
                facts[field.name] = sample(field)
        touchpoints.record(kind.name, person=person, actor=SYSTEM, source="x:1", **facts)


def sample(field: msgspec.structs.FieldInfo) -> object:
    schema = msgspec.json.schema(field.type)
    schema = next(iter(schema.get("$defs", {}).values()), schema) if "$ref" in schema else schema
    if "enum" in schema:
        return schema["enum"][0]
    if field.name == "items":
        return [{"name": SECRET, "quantity": 1}]
    if field.name in NAMED:
        return NAMED[field.name]
    samples = {"uuid": str(ids.uuid7()), "date": "2026-03-02"}
    by_type = {"integer": 1, "number": 0.5, "boolean": True, "object": {"who": SECRET}, "array": [], "string": SECRET}
    return samples.get(schema.get("format", "")) or by_type[schema["type"]]


def test_the_export_has_every_moment_of_the_person_and_of_nobody_else():
    everything_of(7)
    everything_of(8)
    rows = personal.export(7)["touchpoints.Touchpoint"]
    assert {row["kind"] for row in rows} == {name for name, kind in kinds.KINDS.items() if kind.subject == "person"}
    assert SECRET in msgspec.json.encode(rows).decode()
    assert len({row["id"] for row in rows}) == len(rows)


def test_erasure_leaves_what_is_counted_and_nobody_behind_it():
    everything_of(7)
    everything_of(8)
    shape = ("id", "kind", "occurred_at", "inbox_id", "actor_kind")
    before = list(Touchpoint.objects.order_by("id").values(*shape))
    others = list(Touchpoint.objects.filter(person_id=8).order_by("id").values())
    personal.erase(7)
    assert list(Touchpoint.objects.order_by("id").values(*shape)) == before
    assert list(Touchpoint.objects.filter(person_id=8).order_by("id").values()) == others
    emptied = Touchpoint.objects.exclude(person_id=8)
    [number] = set(emptied.values_list("person_id", flat=True))
    assert number >= personal.STRANGERS
    assert set(emptied.values_list("source", flat=True)) == {remaining.ERASED}
    for moment in emptied:
        assert set(moment.facts) <= set(remaining.facts().get(moment.kind, ()))
    assert {one.facts["name"] for one in emptied.filter(kind="event.tracked")} == {SECRET}, "it is the program's word"
    facts = json.dumps([one.facts for one in emptied.exclude(kind="event.tracked")])
    assert '"who"' not in facts


def test_what_stays_is_in_the_schema_and_never_personal():
    for name, stays in remaining.facts().items():
        kind = kinds.KINDS[name]
        assert set(stays) <= {field.encode_name for field in msgspec.structs.fields(kind.facts)}, name
        assert not set(stays) & set(kind.facts.personal), name


def test_journeys_keep_together_and_lead_nowhere():
    for person in (7, 8):
        for order in ("A-1", "A-1", "A-2"):
            touchpoints.record(
                "order.placed", person=person, actor=SYSTEM, source="x:1", order=order, total_minor=100, currency="EUR"
            )
    personal.erase(7)
    names = [name for (name,) in Touchpoint.objects.exclude(person_id=8).order_by("id").values_list("journey")]
    assert names[0] == names[1] != names[2]
    assert all(name.startswith("order:") and "A-" not in name for name in names)


def test_several_ids_of_one_customer_get_one_number():
    everything_of(7)
    everything_of(9)
    personal.erase(7, 9)
    assert Touchpoint.objects.values("person_id").distinct().count() == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_of_a_moment_that_was_emptied():
    heard: list[int | None] = []
    touchpoints.on("customer.blocked", name="late", from_start=True)(
        lambda them: heard.extend(one.person_id for one in them)
    )
    try:
        with transaction.atomic():
            for person in (7, 8):
                touchpoints.record("customer.blocked", person=person, actor=SYSTEM, source="customer:1")
        personal.erase(7)
        wait_for_the_horizon()
        subscribers.advance("late")
    finally:
        registry.forget("late")
    assert heard == [8]


def test_after_erasure_the_line_refuses_change_again():
    everything_of(7)
    personal.erase(7)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM touchpoints_touchpoint")


def test_what_was_parked_of_the_person_is_forgotten():
    everything_of(7)
    everything_of(8)
    for moment in Touchpoint.objects.filter(kind="page.viewed"):
        Parked.objects.create(
            subscriber="x", touchpoint_id=moment.id, occurred_at=moment.occurred_at, error=f"ValueError: {SECRET}"
        )
    personal.erase(7)
    left = Parked.objects.get()
    assert Touchpoint.objects.get(occurred_at=left.occurred_at, id=left.touchpoint_id).person_id == 8
