"""Unmodified clients of others, pointed at a running house: everything they send is on the line, once."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from careline.touchpoints.kinds import DERIVED
from tests.house import PLAIN, House
from tests.live.firm import Firm

NODE = Path(__file__).parent / "node"
STEPS = 20
SENT = Counter({
    "page.viewed": 1, "customer.described": 1, "event.tracked": STEPS, "order.placed": 1, "screen.viewed": 1,
    "group.joined": 1, "customer.aliased": 1,
})  # fmt: skip


# Not what anybody did; segments that other tests made take in whoever comes.
TOLD_BY_US = {"customer.identified", "segment.entered", "segment.left", "conversation.ruled", *DERIVED}


@pytest.fixture(scope="module")
def firm(house: House) -> Firm:
    return Firm(house)


@pytest.fixture
def key(firm: Firm) -> str:
    """A source made as a person makes it."""
    made = firm.owner.must("/settings/sources", what="create", name="SDK", side="server")
    page = firm.owner.browser.get(made.headers["location"]).text
    return page.split('id="write-key"')[1].split(">")[1].split("<")[0]


def line_of(firm: Firm, number: str) -> list[dict[str, Any]]:
    [customer] = firm.owner.api("GET", f"customers?q={number}")["items"]
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = firm.owner.api("GET", f"customers/{customer['id']}/touchpoints?limit=200{cursor}")
        found += page["items"]
        if not page["next"]:
            return found
        cursor = f"&cursor={page['next']}"


def has_all(firm: Firm, number: str) -> None:
    moments = line_of(firm, number)
    assert Counter(one["kind"] for one in moments) - Counter({"customer.merged": 9, "customer.identified": 9}) == SENT
    assert {one["facts"]["name"] for one in moments if one["kind"] == "event.tracked"} == {
        f"Step {n}" for n in range(STEPS)
    }
    [order] = [one for one in moments if one["kind"] == "order.placed"]
    assert order["facts"]["total_minor"] == 1250


def say_everything(client: Any, name: str) -> None:
    client.page(anonymous_id=f"{name}-device", name="Home", properties={"url": "https://shop.example/"})
    client.identify(f"{name}-1", {"email": f"{name}@example.com", "plan": "pro"}, anonymous_id=f"{name}-device")
    for n in range(STEPS):
        client.track(f"{name}-1", f"Step {n}", {"n": n})
    client.track(f"{name}-1", "Order Completed", {"order_id": f"{name}-A", "total": 12.5, "currency": "EUR"})
    client.screen(f"{name}-1", name="Cart")
    client.group(f"{name}-1", "acme", {"name": "Acme"})
    client.alias(f"{name}-old", f"{name}-1")
    client.flush()
    client.join()


@pytest.mark.parametrize("gzip", [False, True])
def test_segments_python_client_lands_whole(firm, key, gzip, monkeypatch):
    from segment.analytics.client import Client

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    failed: list[Any] = []
    client = Client(
        key, host=firm.house.url, gzip=gzip, upload_size=7, on_error=lambda error, _items: failed.append(error)
    )
    name = f"segment-{gzip}".lower()
    say_everything(client, name)
    assert failed == []
    has_all(firm, f"{name}-1")


def test_rudderstacks_python_client_lands_whole(firm, key, monkeypatch):
    from rudderstack.analytics.client import Client

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    failed: list[Any] = []
    client = Client(key, host=firm.house.url, upload_size=7, on_error=lambda error, _items: failed.append(error))
    say_everything(client, "rudder")
    assert failed == []
    has_all(firm, "rudder-1")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client for Node as its lock says, beside the script that uses it."""
    folder = tmp_path_factory.mktemp("node")
    for file in NODE.iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("No Node.js on this machine (looked for node and npm on PATH).")
    made = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if made.returncode:
        word = f"The Node client could not be fetched: {made.stderr.strip()[:300]}"
        if os.environ.get("CI") == "true" and "ENOTFOUND" not in made.stderr and "ECONN" not in made.stderr:
            pytest.fail(word)
        pytest.skip(word)
    return folder


def test_segments_node_client_lands_whole(firm, key, node):
    sent = subprocess.run(
        ["node", "send.mjs", firm.house.url, key], cwd=node, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "NO_PROXY": "127.0.0.1"},
    )  # fmt: skip
    assert sent.returncode == 0, sent.stderr
    has_all(firm, "node-1")


def test_an_unknown_key_is_told_to_the_client(firm):
    answer = PLAIN.post(f"{firm.house.url}/v1/track", json={"userId": "u", "event": "x"}, auth=("nobody", ""))
    assert (answer.status_code, answer.json()["success"]) == (401, False)
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_visit_a_sign_up_an_order_and_a_word_are_one_line(firm, key):
    """What was anonymous, what was bought and what was written, at one customer."""
    auth = {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}

    def send(path: str, **event: Any) -> None:
        answer = PLAIN.post(f"{firm.house.url}/v1/{path}", json=event, headers=auth)
        assert answer.status_code == 200

    send("page", anonymousId="journey-device", properties={"url": "https://shop.example/kettles", "title": "Kettles"})
    send("identify", anonymousId="journey-device", userId="journey-1", traits={"email": "jo@example.com", "name": "Jo"})
    send("track", userId="journey-1", event="Order Completed", properties={"order_id": "J-1", "total": 5})
    inbox = firm.owner.must("/settings/inboxes", what="create", kind="api", name="Journey", language="en")
    number = inbox.headers["location"].rsplit("/", 1)[1]
    opening = {"inbox_id": number, "customer": {"email": "jo@example.com"}, "body": "Hi"}
    firm.owner.api("POST", "conversations", opening)
    moments = [one["kind"] for one in line_of(firm, "journey-1") if one["kind"] not in TOLD_BY_US]
    assert moments[::-1] == [
        "page.viewed", "customer.described", "order.placed", "conversation.opened", "message.received",
    ]  # fmt: skip
