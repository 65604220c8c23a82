"""Signed, sealed, proved; everything else is refused."""

from __future__ import annotations

import base64
import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import override_settings

from careline.kit import signing
from careline.kit.signing import NotGenuine, WrongKey

# The published example of the Standard Webhooks specification, and one of our own for the widget.
WEBHOOK = {
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "body": '{"test": 2432232314}',
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
SIGNED_AT = datetime.fromtimestamp(1614265330, UTC)


def vectors(key: str) -> list[dict[str, Any]]:
    folder = os.environ.get("CARELINE_TEST_DATA")
    if not folder:
        pytest.skip("CARELINE_TEST_DATA is not set, so the shared vectors are not there")
    found: list[dict[str, Any]] = json.loads((Path(folder) / "wire_vectors.json").read_text())[key]
    assert found
    return found


def headers(**changed: str) -> dict[str, str]:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {name: WEBHOOK[name] for name in names} | {key.replace("_", "-"): value for key, value in changed.items()}


def test_a_token_says_what_was_signed() -> None:
    assert signing.unsign("reset", signing.sign("reset", "agent:7")) == "agent:7"
    assert signing.unsign("reset", signing.sign("reset", "héé \0 👋".encode())) == "héé \0 👋"


def test_a_token_is_made_for_links() -> None:
    assert set(signing.sign("reset", "é?/+&=" * 20)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    )


def test_a_token_of_another_purpose_or_key_is_refused(settings: Any) -> None:
    token = signing.sign("reset", "agent:7")
    with pytest.raises(NotGenuine):
        signing.unsign("invite", token)
    settings.SECRET_KEY = "another key that is long enough to be one"
    with pytest.raises(NotGenuine):
        signing.unsign("reset", token)


def test_every_change_to_a_token_is_noticed() -> None:
    token = signing.sign("reset", "agent:7")
    for place in range(len(token)):
        for other in "A.":
            forged = token[:place] + other + token[place + 1 :]
            if forged != token:
                with pytest.raises(NotGenuine):
                    signing.unsign("reset", forged)
    for rubbish in ("", ".", "..", token[:-1], token + "A", token + "=", "é.é.é", "\ud800"):
        with pytest.raises(NotGenuine):
            signing.unsign("reset", rubbish)


def test_a_token_grows_old() -> None:
    with time_machine.travel(SIGNED_AT, tick=False) as traveller:
        token = signing.sign("reset", "agent:7")
        traveller.shift(timedelta(hours=1))
        assert signing.unsign("reset", token, max_age=3600) == "agent:7"
        assert signing.unsign("reset", token, max_age=timedelta(hours=1)) == "agent:7"
        traveller.shift(timedelta(seconds=1))
        with pytest.raises(NotGenuine, match="has expired"):
            signing.unsign("reset", token, max_age=3600)
        assert signing.unsign("reset", token) == "agent:7"


def test_what_is_sealed_opens_only_here_and_only_in_its_place(settings: Any) -> None:
    sealed = signing.seal(b"secret", context=b"inbox:1")
    assert b"secret" not in sealed
    assert signing.unseal(sealed, context=b"inbox:1") == b"secret"
    assert signing.seal(b"secret") != signing.seal(b"secret")
    with pytest.raises(WrongKey):
        signing.unseal(sealed, context=b"inbox:2")
    for place in (0, 1, 15, len(sealed) - 1):
        damaged = bytes([*sealed[:place], sealed[place] ^ 1, *sealed[place + 1 :]])
        with pytest.raises(WrongKey):
            signing.unseal(damaged, context=b"inbox:1")
    for rubbish in (b"", b"\x01", b"\x01" + b"x" * 20):
        with pytest.raises(WrongKey):
            signing.unseal(rubbish)
    settings.SECRET_KEY = "another key that is long enough to be one"
    with pytest.raises(WrongKey, match="CARELINE_SECRET_KEY"):
        signing.unseal(sealed, context=b"inbox:1")


def test_a_stored_token_cannot_be_read_back() -> None:
    assert signing.digest("cl_secret") == signing.digest("cl_secret")
    assert len(signing.digest("cl_secret")) == 64
    assert signing.same("é", "é".encode())
    assert not signing.same("a", "b")
    assert not signing.same("", "a")
    assert not signing.same("\ud800", "a")


def test_the_identity_proof_is_the_published_one() -> None:
    for vector in vectors("widget_identity"):
        proof = signing.identity_proof(vector["inbox_secret"], vector["identifier"])
        assert proof == vector["identifier_hash"]


def test_the_identity_proof_of_a_visitor() -> None:
    expected = "cee716dff1e5dd1607925af09bc412a66b3c9b6509ca310667d260ef49ab6fda"
    assert signing.identity_proof("inbox_hmac_token", "user-42") == expected


def test_outgoing_webhooks_are_signed_as_published() -> None:
    for vector in vectors("outgoing_webhook"):
        signature = signing.standard_webhooks_sign(
            vector["secret"], vector["webhook-id"], int(vector["webhook-timestamp"]), vector["body"].encode()
        )
        assert signature == vector["webhook-signature"]


def test_the_vectors_of_other_programs_are_accepted() -> None:
    folder = os.environ.get("CARELINE_TEST_DATA")
    if not folder:
        pytest.skip("CARELINE_TEST_DATA is not set, so the shared vectors are not there")
    found = json.loads((Path(folder) / "channel-signature-vectors" / "vectors.json").read_text())
    ours = [
        one
        for one in (found if isinstance(found, list) else found["vectors"])
        if one["provider"] == "standard-webhooks"
    ]
    assert ours
    for vector in ours:
        given = {
            "webhook-id": vector["id"],
            "webhook-timestamp": str(vector["timestamp"]),
            "webhook-signature": vector["signature"],
        }
        now = datetime.fromtimestamp(vector["timestamp"], UTC)
        signing.standard_webhooks_verify(vector["secret"], given, vector["body"].encode(), now=now)


@pytest.mark.parametrize(
    "given",
    [
        headers(),
        {name.title(): value for name, value in headers().items()},
        headers(webhook_signature="v1,bm90IHRoaXM= " + WEBHOOK["webhook-signature"]),
        headers(webhook_signature=WEBHOOK["webhook-signature"] + " v1a,another-kind"),
    ],
    ids=["plain", "other-case", "second-of-two", "unknown-kind-beside"],
)
def test_a_genuine_webhook_is_accepted_and_named(given: dict[str, str]) -> None:
    name = signing.standard_webhooks_verify(WEBHOOK["secret"], given, WEBHOOK["body"].encode(), now=SIGNED_AT)
    assert name == WEBHOOK["webhook-id"]


@pytest.mark.parametrize("late", [-301, 301])
def test_a_webhook_of_another_time_is_refused(late: int) -> None:
    with pytest.raises(NotGenuine, match="five minutes"):
        signing.standard_webhooks_verify(
            WEBHOOK["secret"], headers(), WEBHOOK["body"].encode(), now=SIGNED_AT + timedelta(seconds=late)
        )


@pytest.mark.parametrize(
    ("given", "body"),
    [
        (headers(), "{}"),
        (headers(webhook_id="msg_other"), WEBHOOK["body"]),
        (headers(webhook_timestamp="1614265331"), WEBHOOK["body"]),
        (headers(webhook_signature=WEBHOOK["webhook-signature"].removeprefix("v1,")), WEBHOOK["body"]),
        (headers(webhook_signature="v1," + base64.b64encode(b"x" * 32).decode()), WEBHOOK["body"]),
        (headers(webhook_signature="\ud800"), WEBHOOK["body"]),
        (headers(webhook_timestamp="soon"), WEBHOOK["body"]),
        (headers(webhook_timestamp=""), WEBHOOK["body"]),
        (headers(webhook_timestamp="9" * 400), WEBHOOK["body"]),
        ({}, WEBHOOK["body"]),
    ],
)
def test_a_forged_webhook_is_refused(given: dict[str, str], body: str) -> None:
    with pytest.raises(NotGenuine) as refusal:
        signing.standard_webhooks_verify(WEBHOOK["secret"], given, body.encode(), now=SIGNED_AT)
    assert refusal.value.status == 403


def test_a_secret_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match="whsec_"):
        signing.standard_webhooks_sign("whsec_é", "id", 1, b"")


def test_half_a_character_breaks_nothing_and_is_nobodys_token() -> None:
    assert len(signing.digest("cl_\ud800")) == 64
    assert signing.digest("cl_\ud800") != signing.digest("cl_?")
    assert not signing.same("\ud800", "?")
    with pytest.raises(NotGenuine):
        signing.unsign("reset", signing.sign("reset", "agent:7") + "\ud800")


def test_a_mark_is_short_and_belongs_to_one_purpose_and_one_installation() -> None:
    mark = signing.mark("mail", "1042")
    assert re.fullmatch("[a-z2-7]{10}", mark)
    assert signing.mark("mail", "1042") == mark
    with override_settings(SECRET_KEY="another key, also longer than 32 characters"):
        other = signing.mark("mail", "1042")
    assert len({mark, other, signing.mark("post", "1042"), signing.mark("mail", "1043")}) == 4
