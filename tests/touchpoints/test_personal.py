"""What the line gives out of a person, and what of it goes."""

from __future__ import annotations

import msgspec
import pytest
from django.db import IntegrityError, connection, transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.kit import ids, personal
from careline.touchpoints import kinds
from careline.touchpoints.models import Parked, Touchpoint

pytestmark = pytest.mark.django_db
SECRET = "ada-lovelace"
NAMED = {"currency": "EUR", "until": "2026-03-02T09:00:00+00:00"}


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


def test_erasure_takes_words_and_leaves_that_it_happened():
    everything_of(7)
    everything_of(8)
    before = list(Touchpoint.objects.order_by("id").values("id", "kind", "occurred_at", "person_id", "source"))
    personal.erase(7)
    assert list(Touchpoint.objects.order_by("id").values("id", "kind", "occurred_at", "person_id", "source")) == before
    for moment in Touchpoint.objects.all():
        personal_facts = set(moment.facts) & set(kinds.KINDS[moment.kind].facts.personal)
        assert bool(personal_facts) == (moment.person_id == 8 and bool(kinds.KINDS[moment.kind].facts.personal))
        kinds.KINDS[moment.kind].check(moment.facts)
    with connection.cursor() as cursor:
        # Codes and names of kinds of things are not the person's words; the sample writes the same everywhere.
        cursor.execute("SELECT facts::text FROM touchpoints_touchpoint WHERE person_id = 7 AND kind = 'page.viewed'")
        assert cursor.fetchone() == ("{}",)


def test_after_erasure_the_line_refuses_change_again():
    everything_of(7)
    personal.erase(7)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM touchpoints_touchpoint")


def test_errors_that_quote_the_person_lose_their_words():
    everything_of(7)
    everything_of(8)
    for moment in Touchpoint.objects.filter(kind="page.viewed"):
        Parked.objects.create(
            subscriber="x",
            touchpoint_id=moment.id,
            occurred_at=moment.occurred_at,
            error=f"ValueError in f, a.py:3: {SECRET}",
        )
    personal.erase(7)
    assert sorted(Parked.objects.values_list("error", flat=True)) == [
        "ValueError in f, a.py:3",
        f"ValueError in f, a.py:3: {SECRET}",
    ]
