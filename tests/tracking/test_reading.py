"""How a request is read: compressed bodies, what stands around a batch, and three clocks."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from careline.tracking import reading

HELLO = {"anonymousId": "a-1", "event": "Hello", "properties": {"n": 1}, "messageId": "m-1"}


@pytest.mark.parametrize("encode", [gzip.compress, zlib.compress])
def test_a_compressed_body_is_opened(sender, shop, line, encode):
    answer = sender(shop).post("track", raw=encode(msgspec.json.encode(HELLO)), content_encoding="gzip")
    assert answer.status == 200
    assert len(line()) == 1


@pytest.mark.parametrize(
    "raw",
    [
        gzip.compress(b" " * 50_000_000, mtime=0),
        gzip.compress(msgspec.json.encode(HELLO), mtime=0)[:-12],
        b"not gzip at all",
        b"",
    ],
)
def test_a_compressed_body_is_opened_no_further_than_allowed(sender, shop, line, raw):
    assert sender(shop).post("batch", raw=raw, content_encoding="gzip").status == 400
    assert line() == []


def test_what_stands_around_a_batch_is_merged_into_each(sender, shop, line):
    outer = {"campaign": {"source": "mail"}, "page": {"url": "https://outer.example/"}}
    inner = {"page": {"url": "https://inner.example/"}}
    sender(shop).post(
        "batch",
        {"batch": [{"type": "page", "anonymousId": "a", "context": inner}, {"type": "page", "anonymousId": "a"}],
         "context": outer, "integrations": {"All": True}},
    )  # fmt: skip
    assert [(one.facts["url"], one.facts["campaign"]) for one in line()] == [
        ("https://inner.example/", {"source": "mail"}), ("https://outer.example/", {"source": "mail"}),
    ]  # fmt: skip


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("times", "occurred"),
    [
        # The clock of the client runs a day ahead; the event happened ten seconds before it was sent.
        ({"timestamp": "2026-03-03T11:59:50Z", "sentAt": "2026-03-03T12:00:00Z"}, NOON - timedelta(seconds=10)),
        ({"originalTimestamp": "2026-03-01T11:00:00Z", "sentAt": "2026-03-01T12:00:00Z"}, NOON - timedelta(hours=1)),
        # History that was brought in later keeps its time.
        ({"timestamp": "2024-05-01T08:00:00.123Z", "sentAt": "2026-03-02T12:00:00Z"},
         datetime(2024, 5, 1, 8, 0, 0, 123000, tzinfo=UTC)),
        ({"timestamp": "2026-03-02T10:00:00+02:00"}, NOON - timedelta(hours=4)),
        ({"timestamp": "2026-03-02T10:00:00"}, NOON - timedelta(hours=2)),
        # Nothing happens in the future, whatever the clocks say.
        ({"timestamp": "2027-03-02T12:00:00Z"}, NOON),
        ({"timestamp": "2026-03-02T12:00:10Z", "sentAt": "2026-03-02T12:00:00Z"}, NOON),
        # Clocks that were never set.
        ({"timestamp": "0001-01-01T00:00:00Z"}, NOON),
        ({"timestamp": "2026-03-02T11:00:00Z", "sentAt": "0001-01-01T00:00:00Z"}, NOON - timedelta(hours=1)),
        ({"timestamp": "2026-03-02T11:00:00Z", "sentAt": "garbage"}, NOON - timedelta(hours=1)),
        ({}, NOON),
    ],
)  # fmt: skip
def test_when_it_happened_is_worked_out_from_three_clocks(sent, shop, line, times, occurred):
    sent(shop, {"type": "track", "userId": "u", "event": "x", **times}, at=NOON)
    [one] = line()
    assert one.occurred_at == occurred
    assert one.recorded_at == NOON


USUAL = [
    {"type": "track", "userId": "u", "event": "Hello", "properties": {"n": 1}},
    {"type": "page", "anonymousId": "a", "name": "Start", "context": {"page": {"url": "https://shop.example/"}}},
    {"type": "page", "userId": None, "anonymousId": "a", "properties": None, "context": None},
    {"type": "track", "userId": " ", "anonymousId": "a", "event": "Hello"},
    {"type": "track", "userId": 5, "event": 7.0},
    {"type": "track", "userId": "u", "event": " "},
    {"type": "track", "userId": "u", "event": "e" * 201},
    {"type": "page", "userId": "u" * 301},
    {"type": "page"},
    {"type": "page", "userId": "u", "category": "Kettles"},
    {"type": "track", "userId": "u", "event": "Hello", "properties": []},
    {"type": "track", "userId": "u", "event": "Hello", "traits": {"a": 1}},
    {"type": "track", "userId": "u", "event": "Hello", "timestamp": "2026-03-01T12:00:00+02:00"},
    {"type": "track", "userId": "u", "event": "Hello", "timestamp": "2026-03-01 12:00", "sentAt": "2026-03-01T13:00"},
    {"type": "track", "userId": "u", "event": "Hello", "originalTimestamp": "", "timestamp": "2026-03-01T12:00:00Z"},
    {"type": "track", "userId": "u", "event": "Hello", "timestamp": "0001-01-01T00:00:00+14:00"},
    {"type": "track", "userId": "u", "event": "Hello", "timestamp": "2031-03-01T12:00:00Z"},
    {"type": "identify", "userId": "u", "traits": {"plan": "pro"}},
    {"type": "nothing", "userId": "u"},
    "no object",
]


@pytest.mark.parametrize("event", USUAL)
def test_what_is_read_quickly_is_read_as_it_would_be_with_care(event):
    if isinstance(event, dict):
        event = {"messageId": "m", **event}
    quick = reading.opened(msgspec.json.encode({"batch": [event], "sentAt": "2026-03-02T11:59:00Z"}), is_batch=True)
    around = {"batch": [event], "sentAt": "2026-03-02T11:59:00Z", "more": "?"}
    careful = reading.opened(msgspec.json.encode(around).replace(b"?", b"\\u0041"), is_batch=True)
    [one], [other] = (
        list(reading.events(request, type="", received_at=NOON, new_id=lambda: "1")) for request in (quick, careful)
    )
    assert msgspec.structs.asdict(one) | {"raw": b""} == msgspec.structs.asdict(other) | {"raw": b""}
    assert type(one) is type(other)
