"""Whatever is sent, the door answers and keeps what it can: nothing is a fault, and what is kept is what was sent."""

from __future__ import annotations

import random

import pytest

from careline.customers.models import Trait
from careline.touchpoints.models import Touchpoint
from careline.tracking.models import Sighting

pytestmark = pytest.mark.django_db
STRINGS = [
    "", " ", "\t\n\r", "\\N", "\\.", "\\", "a\\b\tc\nd\re\x0bf\x0cg\bh", '"', "'", "{}", '{"a":1}', "NULL", "undefined",
    "<script>alert(1)</script>", "'; DROP TABLE customers_person; --", "%s%(x)s$1", "\u202eright to left",
    "\u2066x\u2069",
    "Ω≈ç√∫˜µ", "田中さん", "👩‍👩‍👧‍👦", "\ufeff", "\uffff",
    "\U0010ffff", "\x7f", "\u0000", "a\u0000b", "é" * 150, "\\u0000",
    "\\ud800", "x" * 5000, "مرحبا", "ـ", "٣", "²", "1e309", "-0",
]  # fmt: skip
VALUES = [
    None, True, False, 0, -1, 2**53, 2**63, 2**64, -(2**70), 10**30, 1.5, 1e308, 5e-324, -0.0,
    [], {}, [[]], [{"a": [None]}],
    {"": ""}, {"a.b": {"c.d": 1}}, {"order_id": {}}, ["x"] * 500,
]  # fmt: skip
FIELDS = (
    "messageId", "userId", "anonymousId", "previousId", "groupId", "event", "name", "category", "properties", "traits",
    "context", "timestamp", "originalTimestamp", "sentAt", "type", "integrations",
)  # fmt: skip
TYPES = ("identify", "track", "page", "screen", "group", "alias")


def test_every_text_is_kept_as_it_is_or_refused(sent, shop):
    for text in STRINGS:
        taken = sent(shop, {"type": "track", "userId": "u", "event": "x", "properties": {"text": text, text: 1}})
        if "\0" in text:
            assert taken.refused == 1
            continue
        assert taken.accepted == 1, ascii(text)
        kept = Touchpoint.objects.filter(kind="event.tracked").latest("id")
        assert kept.facts["properties"] == {"text": text, text: 1}
    for text in STRINGS:
        sent(shop, {"type": "identify", "userId": "u", "traits": {"text": text, "email": text, "phone": text}})
        if "\0" not in text and text != "\\u0000":
            assert Trait.objects.get(name="text").value == text


def test_no_value_in_any_field_is_a_fault(sent, shop):
    chance = random.Random(3)
    count = 0
    for type in TYPES:
        for field in FIELDS:
            whole = {"type": type, "userId": "u", "event": "Order Completed", "groupId": "g", "previousId": "p"}
            events = [{**whole, field: value} for value in [*VALUES, *STRINGS]]
            taken = sent(shop, *chance.sample(events, len(events)))
            count += taken.accepted + taken.repeated + taken.refused
            assert taken.accepted + taken.repeated + taken.refused == len(events)
    assert Touchpoint.objects.exclude(source__startswith="customer:").count() <= count
    assert not Sighting.objects.filter(outcome="refused", field="").exists()


def test_no_value_of_a_property_breaks_an_order(sent, shop):
    names = ("order_id", "total", "revenue", "value", "currency", "products", "name", "price", "carrier", "place")
    for event in ("Order Completed", "Product Added", "Checkout Started", "Order Refunded"):
        for name in names:
            products = [[{"name": one} for one in VALUES], [{"quantity": one} for one in VALUES]]
            events = [
                {"type": "track", "userId": "u", "event": event,
                 "properties": {"order_id": "A", "total": 5, "currency": "EUR", name: value}}
                for value in [*VALUES, *STRINGS, *products]
            ]  # fmt: skip
            taken = sent(shop, *events)
            assert taken.accepted + taken.refused == len(events)
