"""Customers and agents who go on writing whatever happens, and remember what they were told was kept."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import httpx

from tests.house import House


class Writer(threading.Thread):
    """Says one thing after the other in one conversation; what is not acknowledged is said again, as a client does."""

    def __init__(self, house: House, token: str, conversation: str, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.house, self.token, self.conversation = house, token, conversation
        self.acknowledged: dict[str, str] = {}
        self.tries = 0
        self.over = threading.Event()

    def run(self) -> None:
        n = 0
        while not self.over.is_set():
            n += 1
            key = f"{self.name}-{n}"
            while not self.said(key) and not self.over.is_set():
                time.sleep(0.05)

    def said(self, key: str) -> bool:
        self.tries += 1
        author = "agent" if int(key.rsplit("-", 1)[1]) % 2 else "customer"
        try:
            answer = httpx.post(
                f"{self.house.url}/api/v1/conversations/{self.conversation}/messages",
                headers={"Authorization": f"Bearer {self.token}"},
                json={"body": f"words {key}", "author": author, "client_id": key},
                timeout=10,
            )
        except httpx.TransportError:
            return False
        if answer.status_code != 201:
            assert answer.status_code in (500, 503), answer.text
            return False
        self.acknowledged[key] = answer.json()["id"]
        return True


def demo(house: House) -> dict[str, Any]:
    told = house.run("demo", "--customers", "3", "--days", "3", "--json")
    assert told.returncode == 0, told.stderr
    answer: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return answer


def begin(house: House, count: int) -> list[Writer]:
    """Writers, each in a conversation of their own."""
    known = demo(house)
    token, inbox = known["agents"][0]["token"], known["inboxes"][0]["id"]
    writers = []
    for n in range(count):
        opened = httpx.post(
            f"{house.url}/api/v1/conversations",
            headers={"Authorization": f"Bearer {token}"},
            json={
                "inbox_id": inbox,
                "customer": {"name": f"Writer {n}", "external_id": f"w{n}"},
                "body": "first words",
            },
            timeout=30,
        )
        assert opened.status_code == 201, opened.text
        writers.append(Writer(house, token, opened.json()["id"], f"w{n}"))
    for writer in writers:
        writer.start()
    return writers


def end(writers: list[Writer]) -> None:
    for writer in writers:
        writer.over.set()
    for writer in writers:
        writer.join(30)


def check(house: House, writers: list[Writer]) -> int:
    """No acknowledged message lost, none doubled, no gap in the numbers, the counts right; how many were kept."""
    kept = 0
    for writer in writers:
        messages: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = httpx.get(
                f"{house.url}/api/v1/conversations/{writer.conversation}/messages",
                headers={"Authorization": f"Bearer {writer.token}"},
                params={"limit": 200} | ({"cursor": cursor} if cursor else {}),
                timeout=30,
            ).json()
            messages += page["items"]
            cursor = page["next"]
            if not cursor:
                break
        bodies = [message["body"] for message in messages]
        assert len(bodies) == len(set(bodies)), "a message stands twice"
        ids = {message["id"] for message in messages}
        lost = [key for key, number in writer.acknowledged.items() if number not in ids]
        assert not lost, f"acknowledged and gone: {lost[:5]}"
        assert sorted(message["seq"] for message in messages) == list(range(1, len(messages) + 1))
        kept += len(messages)
    return kept
