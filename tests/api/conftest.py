"""Programs that knock at the API, each with the token of one of the cast."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest
from django.test import Client

from careline.accounts.actor import SYSTEM, Actor


class Answer:
    """What came back, whichever door gave it."""

    def __init__(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.status = status
        self.body = body
        self.headers = headers

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def told(self) -> tuple[int, str]:
        """The status and the sentence, for refusals."""
        assert self.headers["content-type"] == "application/problem+json", self.headers
        assert self.json["status"] == self.status
        return self.status, self.json["detail"]


class Program:
    """Knocks at Django's door."""

    def __init__(self, secret: str | None, client: Client | None = None) -> None:
        self.secret = secret
        self.client = client or Client(raise_request_exception=False)

    def ask(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Answer:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret is not None:
            given.setdefault("authorization", f"Bearer {self.secret}")
        content = raw if raw is not None else b"" if body is None else msgspec.json.encode(body)
        kind = given.pop("content-type", "application/json" if raw is not None or body is not None else "")
        answer = self.knock(method, f"/api/v1/{path}", content, kind, given)
        if answer.headers.get("content-type", "").endswith("json"):
            msgspec.json.decode(answer.body)
        return answer

    def knock(self, method: str, path: str, content: bytes, kind: str, headers: dict[str, str]) -> Answer:
        # As a header: the client of Django leaves the type of an empty body away.
        given = headers | ({"content-type": kind} if kind else {})
        answer = self.client.generic(method, path, content, content_type="", headers=given)
        told = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return Answer(answer.status_code, told, {n.lower(): v for n, v in answer.headers.items()})

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **rest: Any) -> Answer:
        return self.ask("POST", path, body, **rest)

    def put(self, path: str, body: Any = None, **rest: Any) -> Answer:
        return self.ask("PUT", path, body, **rest)

    def patch(self, path: str, body: Any = None, **rest: Any) -> Answer:
        return self.ask("PATCH", path, body, **rest)

    def delete(self, path: str, **rest: Any) -> Answer:
        return self.ask("DELETE", path, **rest)


class RawProgram(Program):
    """Knocks at the raw door, which must be one that takes this request."""

    def __init__(self, secret: str | None, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(secret)
        self.loop = loop

    def knock(self, method: str, path: str, content: bytes, kind: str, headers: dict[str, str]) -> Answer:
        return self.loop.run_until_complete(self._knock(method, path, content, kind, headers))

    async def _knock(self, method: str, path: str, content: bytes, kind: str, headers: dict[str, str]) -> Answer:
        from careline.api import hot

        bare, _mark, query = path.partition("?")
        given = {"content-length": str(len(content))} if content else {}
        given |= ({"content-type": kind} if kind else {}) | headers
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "server": ("testserver", 80),
            "client": ("127.0.0.1", 1),
            "root_path": "",
            "method": method,
            "path": unquote(bare),
            "raw_path": bare.encode(),
            "query_string": query.encode(),
            "headers": [(b"host", b"testserver")] + [(n.encode(), v.encode("latin-1")) for n, v in given.items()],
        }
        door = hot.match(scope)
        assert door is not None, f"{method} {path} is no raw door"
        pieces = [content[at : at + 65536] for at in range(0, len(content), 65536)] or [b""]
        events = [
            {"type": "http.request", "body": piece, "more_body": n < len(pieces) - 1} for n, piece in enumerate(pieces)
        ]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if events:
                return events.pop(0)
            await asyncio.sleep(60)  # a client that stays until it is answered, which is long before
            return {"type": "http.disconnect"}

        async def send(event: dict[str, Any]) -> None:
            sent.append(event)

        await door(scope, receive, send)
        body = b"".join(event.get("body", b"") for event in sent[1:])
        return Answer(sent[0]["status"], body, {n.decode(): v.decode("latin-1") for n, v in sent[0]["headers"]})


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return (collection_path.name == "test_schema_long.py" and config.option.markexpr == "not long") or None


@pytest.fixture
def loop(database_url: str) -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop with the pool of the raw doors on the committed test database."""
    from careline.kit import pool

    loop = asyncio.new_event_loop()
    loop.run_until_complete(pool.open_pool(database_url, size=4))
    yield loop
    loop.run_until_complete(pool.close_pool())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


@pytest.fixture
def raw(loop: asyncio.AbstractEventLoop) -> Callable[[Program], RawProgram]:
    """The same program at the raw door."""
    return lambda program: RawProgram(program.secret, loop)


@pytest.fixture
def token_of() -> Callable[[Actor], str]:
    from careline.accounts import actions

    def token_of(actor: Actor) -> str:
        assert actor.agent_id is not None
        return actions.create_token(actor.agent_id, actor=SYSTEM, name="test")[1]

    return token_of


@pytest.fixture
def program(token_of: Callable[[Actor], str]) -> Callable[[Actor | None], Program]:
    """`program(bo)` has Bo's token, `program(None)` is a stranger's."""
    return lambda actor: Program(None if actor is None else token_of(actor))


@pytest.fixture
def bos(bo: Actor, program: Callable[[Actor], Program]) -> Program:
    return program(bo)
