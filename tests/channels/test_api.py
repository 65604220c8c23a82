"""The API channel's own words: what it reads, what it refuses, what it sends."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from careline.channels import adapter
from careline.channels.adapter import DeliveryFailed, Endpoint, Outbound, Unreadable
from careline.kit import clock, signing

HERE = Path(__file__).parent
INBOX = Endpoint(inbox_id=1, key="k", name="Partner", secret="whsec_" + "A" * 43 + "=", settings={})
OUT = Outbound(
    key="msg_1", recipient="user-42", text="Yes, in blue.", created_at=datetime(2026, 3, 2, tzinfo=UTC),
    conversation_id=1001, author="Bo",
)  # fmt: skip


def parse(raw: bytes) -> Any:
    return adapter.of("api").parse(INBOX, raw, {})


def message(**changed: Any) -> bytes:
    return json.dumps({"id": "m", "from": {"external_id": "u"}, "body": "b"} | changed).encode()


def test_a_message_is_read_whole() -> None:
    [one] = parse((HERE / "api/payloads/first.json").read_bytes())
    assert one == adapter.Inbound(
        external_id="m-1",
        identities=(("external", "user-42"), ("email", "Ana@Example.com")),
        text="Does it come in blue?",
        name="Ana Kovač",
        sent_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
    )


def test_other_zones_other_scripts_and_plain_numbers() -> None:
    [again] = parse((HERE / "api/payloads/again.json").read_bytes())
    assert again.sent_at == datetime(2026, 3, 2, 3, tzinfo=UTC)
    assert again.text.endswith("الأخضر؟ 😀")
    [by_mail] = parse((HERE / "api/payloads/by_mail.json").read_bytes())
    assert (by_mail.external_id, by_mail.name, by_mail.text) == ("3", "", "  <b>Kapan sampai?</b>  ")
    [zoneless] = parse((HERE / "api/payloads/same_text.json").read_bytes())
    assert zoneless.sent_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_clock_that_runs_ahead_is_not_believed() -> None:
    ahead = clock.now() + timedelta(days=400)
    assert parse(message(sent_at=ahead.isoformat()))[0].sent_at is None


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"id": ""}, "id"),
        ({"id": "x" * 201}, "200"),
        ({"id": None}, "id"),
        ({"from": {}}, "external_id"),
        ({"from": {"email": "not an address"}}, ""),
        ({"from": {"external_id": "a\0b"}}, "NUL"),
        ({"body": ""}, "body"),
        ({"body": " \n"}, "body"),
        ({"body": "a\0b"}, "NUL"),
        ({"body": "x" * 50_001}, "50000"),
        ({"body": ["a"]}, "body"),
        ({"sent_at": "yesterday"}, "sent_at"),
        ({"type": "smoke"}, "type"),
        ({"type": "receipt", "status": "eaten"}, "status"),
    ],
)
def test_what_cannot_be_a_message_is_refused_with_a_word(changed: dict[str, Any], word: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse(message(**changed))
    assert word in str(refusal.value)
    assert str(refusal.value)


def test_a_failure_without_a_reason_gets_one() -> None:
    [receipt] = parse(json.dumps({"type": "receipt", "id": 7, "status": "failed"}).encode())
    assert (receipt.external_id, receipt.status) == ("7", "failed")
    assert receipt.reason


def test_what_leaves_says_whom_it_is_for() -> None:
    assert json.loads(adapter.of("api").render(INBOX, OUT)) == {
        "id": "msg_1",
        "type": "message",
        "conversation_id": "1001",
        "to": "user-42",
        "author": "Bo",
        "body": "Yes, in blue.",
        "attachments": [],
        "created_at": "2026-03-02T00:00:00Z",
    }


def test_without_an_address_nothing_is_tried() -> None:
    with pytest.raises(DeliveryFailed) as failure:
        adapter.of("api").send(INBOX, OUT)
    assert failure.value.permanent


def test_a_new_secret_signs() -> None:
    secret = adapter.of("api").new_secret()
    now = int(clock.now().timestamp())
    signed = signing.standard_webhooks_sign(secret, "id", now, b"body")
    given = {"webhook-id": "id", "webhook-timestamp": str(now), "webhook-signature": signed}
    assert signing.standard_webhooks_verify(secret, given, b"body") == "id"
