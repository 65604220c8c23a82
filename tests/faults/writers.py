"""Customers and agents who go on writing whatever happens, and remember what they were told was kept."""

from __future__ import annotations

import json
import threading
import time
from abc import ABC, abstractmethod
from typing import Any

import httpx
import websockets.exceptions
from typing_extensions import override
from websockets.sync.client import connect

from tests.house import House
from tests.live.firm import Chat, Firm

# What a refusal may be while the house cannot keep a message: away, or full.
REFUSALS = (503, 507)


class Writer(threading.Thread, ABC):
    """Says one thing after the other in one conversation; what is not acknowledged is said again, as a client does."""

    def __init__(self, house: House, token: str, name: str, conversation: str = "") -> None:
        super().__init__(name=name, daemon=True)
        self.house, self.token, self.conversation = house, token, conversation
        self.acknowledged: dict[str, str] = {}
        self.refused: list[str] = []
        self.strange: list[str] = []
        self.over = threading.Event()

    @override
    def run(self) -> None:
        n = 0
        while not self.over.is_set():
            n += 1
            key = f"{self.name}-{n}"
            while not self.said(key) and not self.over.is_set():
                time.sleep(0.05)

    @abstractmethod
    def said(self, key: str) -> bool:
        """Whether it was taken."""


class Program(Writer):
    """Through the API, for the customer and for the agent in turn."""

    def __init__(self, house: House, token: str, name: str, conversation: str) -> None:
        super().__init__(house, token, name, conversation)
        self.client = httpx.Client(base_url=house.url, verify=False, trust_env=False, timeout=60)

    @override
    def said(self, key: str) -> bool:
        author = "agent" if int(key.rsplit("-", 1)[1]) % 2 else "customer"
        try:
            answer = self.client.post(
                f"/api/v1/conversations/{self.conversation}/messages",
                headers={"Authorization": f"Bearer {self.token}"},
                json={"body": words(key), "author": author, "client_id": key},
            )
        except httpx.TransportError:
            return False
        if answer.status_code == 201:
            self.acknowledged[key] = answer.json()["id"]
            return True
        if answer.status_code in REFUSALS and answer.json()["detail"]:
            self.refused.append(f"{answer.status_code} {answer.json()['detail']}")
        else:
            self.strange.append(f"{answer.status_code} {answer.text}")
        return False


class Visitor(Writer):
    """In the chat, on a socket that is opened again as often as it breaks."""

    def __init__(self, house: House, token: str, name: str, chat: Chat) -> None:
        super().__init__(house, token, name)
        self.address = f"{house.url.replace('http', 'ws', 1)}/ws/visitor/{chat.key}"
        self.socket: Any = None
        self.visitor: str | None = None

    @override
    def run(self) -> None:
        super().run()
        self.leave()

    @override
    def said(self, key: str) -> bool:
        try:
            if self.socket is None:
                self.socket = connect(self.address, proxy=None, open_timeout=60).__enter__()
                self.visitor = self.asked("welcome", type="hello", visitor=self.visitor)["visitor"]
            told = self.asked("ack", type="message", client_id=key, body=words(key))
        except (OSError, EOFError, websockets.exceptions.WebSocketException):
            self.leave()
            return False
        if told["type"] == "error":
            if not told.get("error"):
                self.strange.append(json.dumps(told))
            self.refused.append(f"{told.get('error')}")
            self.leave()
            return False
        self.conversation = told["conversation"]
        self.acknowledged[key] = told["id"]
        return True

    def asked(self, wanted: str, **frame: Any) -> dict[str, Any]:
        """The answer of that type, or an error; what else is told meanwhile is heard by."""
        self.socket.send(json.dumps(frame))
        while True:
            told: dict[str, Any] = json.loads(self.socket.recv(timeout=30))
            if told["type"] == "error" and wanted == "welcome":
                raise EOFError(told["error"])
            if told["type"] in (wanted, "error"):
                return told

    def leave(self) -> None:
        socket, self.socket = self.socket, None
        if socket is not None:
            socket.close_socket()


def words(key: str) -> str:
    return f"words {key}"


def begin(firm: Firm, programs: int, visitors: int = 1) -> list[Writer]:
    """Writers, each in a conversation of their own."""
    house, token = firm.house, firm.owner.token
    chat = firm.chat()
    people: list[Writer] = []
    for _ in range(programs):
        made = firm.written(chat, "first words")
        people.append(Program(house, token, f"w{made['id']}", made["id"]))
    people += [Visitor(house, token, f"v{chat.id}{n}", chat) for n in range(visitors)]
    for writer in people:
        writer.start()
    return people


def end(people: list[Writer]) -> None:
    for writer in people:
        writer.over.set()
    for writer in people:
        writer.join(60)
        assert not writer.is_alive(), f"{writer.name} still waits for an answer"


def check(people: list[Writer]) -> int:
    """No acknowledged message lost, none doubled, no gap in the numbers; how many were kept."""
    kept = 0
    for writer in people:
        assert not writer.strange, f"{writer.name} was told: {writer.strange[:3]}"
        messages = thread(writer)
        bodies = [message["body"] for message in messages]
        assert len(bodies) == len(set(bodies)), "a message stands twice"
        ids = {message["id"]: message["body"] for message in messages}
        lost = [key for key, number in writer.acknowledged.items() if ids.get(number) != words(key)]
        assert not lost, f"acknowledged and gone: {lost[:5]}"
        assert sorted(message["seq"] for message in messages) == list(range(1, len(messages) + 1))
        # The one that was under way when the writer ended may have been kept without a word.
        spoken = [body for body in bodies if body.startswith("words ")]
        assert len(writer.acknowledged) <= len(spoken) <= len(writer.acknowledged) + 1
        kept += len(messages)
    return kept


def thread(writer: Writer) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    cursor = None
    while True:
        answer = httpx.get(
            f"{writer.house.url}/api/v1/conversations/{writer.conversation}/messages",
            headers={"Authorization": f"Bearer {writer.token}"},
            params={"limit": 200} | ({"cursor": cursor} if cursor else {}),
            timeout=60,
            verify=False,
        )
        assert answer.status_code == 200, answer.text
        messages += answer.json()["items"]
        cursor = answer.json()["next"]
        if not cursor:
            return messages
