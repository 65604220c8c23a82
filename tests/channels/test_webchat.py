"""Web chat: who a visitor is proved to be, and which sites may show it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from careline.channels import adapter
from careline.channels.adapter import DeliveryFailed, Endpoint, Forged, Outbound, Unreadable
from careline.kit import clock

CHAT = adapter.of("webchat")
INBOX = Endpoint(inbox_id=1, key="k", name="Chat", secret="inbox_hmac_token", settings={})
PROOF = "cee716dff1e5dd1607925af09bc412a66b3c9b6509ca310667d260ef49ab6fda"


def test_a_visitor_is_proved_as_others_prove_theirs() -> None:
    assert CHAT.identify(INBOX, {"identifier": "user-42", "identifier_hash": PROOF}) == ("external", "user-42")


def test_the_vectors_of_the_wire_hold() -> None:
    folder = os.environ.get("CARELINE_TEST_DATA")
    if not folder:
        pytest.skip("CARELINE_TEST_DATA names no folder")
    for vector in json.loads((Path(folder) / "wire_vectors.json").read_text())["widget_identity"]:
        inbox = Endpoint(inbox_id=1, key="k", name="Chat", secret=vector["inbox_secret"], settings={})
        claim = {name: vector[name] for name in ("identifier", "identifier_hash")}
        assert CHAT.identify(inbox, claim) == ("external", vector["identifier"])


@pytest.mark.parametrize(
    "claim",
    [
        {"identifier": "user-43", "identifier_hash": PROOF},
        {"identifier": "user-42", "identifier_hash": ""},
        {"identifier": "user-42"},
        {"identifier": "user-42", "identifier_hash": PROOF.upper()},
        {"identifier": "user-42", "identifier_hash": "é\ud800"},
        {"identifier": "\ud800", "identifier_hash": PROOF},
    ],
)
def test_a_claim_without_its_proof_is_forged(claim: dict[str, str]) -> None:
    with pytest.raises(Forged):
        CHAT.identify(INBOX, claim)


@pytest.mark.parametrize("claim", [{}, {"identifier": ""}, {"identifier_hash": PROOF}])
def test_who_claims_nothing_is_a_visitor(claim: dict[str, str]) -> None:
    assert CHAT.identify(INBOX, claim) is None


def chat_for(*origins: str) -> Endpoint:
    return Endpoint(inbox_id=1, key="k", name="Chat", secret="s", settings={"origins": list(origins)})


@pytest.mark.parametrize(
    ("origins", "origin", "admitted"),
    [
        ((), "https://anywhere.example", True),
        (("https://shop.example",), "https://shop.example", True),
        (("https://Shop.example:443/",), "https://shop.example", True),
        (("https://shop.example",), "http://shop.example", False),
        (("https://shop.example",), "https://shop.example.evil.example", False),
        (("https://shop.example",), "https://shop.example:8443", False),
        (("http://localhost:3000",), "http://localhost:3000", True),
        (("https://shop.example",), "null", False),
        (("https://shop.example",), "", False),
        (("https://shop.example",), "https://[", False),
        (("https://[",), "https://[", False),
    ],
)
def test_only_named_sites_show_the_chat(origins: tuple[str, ...], origin: str, admitted: bool) -> None:
    assert CHAT.admits(chat_for(*origins), origin) is admitted


def test_the_other_channels_are_shown_by_no_site() -> None:
    assert adapter.of("api").admits(INBOX, "https://shop.example") is False
    assert adapter.of("api").identify(INBOX, {"identifier": "x"}) is None


def test_nothing_is_sent_to_a_chat() -> None:
    with pytest.raises(DeliveryFailed) as failure:
        CHAT.send(INBOX, Outbound(key="k", recipient="v", text="Hi", created_at=clock.now()))
    assert failure.value.permanent


def test_a_frame_of_nobody_is_not_guessed_at() -> None:
    with pytest.raises(Unreadable, match="visitor"):
        CHAT.parse(INBOX, b'{"client_id": "c", "body": "b"}', {})
