"""Programs that send events, at the raw door and by the library."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

if TYPE_CHECKING:
    from careline.touchpoints.models import Touchpoint
    from careline.tracking import hot
    from careline.tracking.models import Import, Sighting, Source


@pytest.fixture
def shop(organization: Any) -> Source:
    """The shop's server: what it says of a person is proved."""
    from careline.accounts.actor import SYSTEM
    from careline.tracking import actions

    return actions.create_source("Shop server", "server", actor=SYSTEM, key="shop-server-key")


@pytest.fixture
def site(organization: Any) -> Source:
    """The shop's site, whose key anybody can read."""
    from careline.accounts.actor import SYSTEM
    from careline.tracking import actions

    return actions.create_source("Shop site", "client", actor=SYSTEM, key="shop-site-key")


@pytest.fixture
def sent() -> Callable[..., hot.Taken]:
    """`sent(shop, {...}, {...})` takes events as a batch."""
    from careline.kit import clock
    from careline.tracking import hot, reading

    def sent(source: Source, *events: dict[str, Any], at: Any = None) -> hot.Taken:
        found = hot.source_of(source.key)
        assert found is not None
        request = reading.opened(msgspec.json.encode({"batch": events}), is_batch=True)
        return hot.take(found, request, type="", received_at=at or clock.now())

    return sent


class Answer:
    def __init__(self, events: list[dict[str, Any]]) -> None:
        self.status: int = events[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in events[0]["headers"]}
        self.body = b"".join(one.get("body", b"") for one in events[1:])

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Sender:
    """Posts to the door as a client would."""

    def __init__(self, key: str | None, loop: asyncio.AbstractEventLoop) -> None:
        self.key, self.loop = key, loop

    def post(
        self, path: str, body: Any = None, *, raw: bytes | None = None, method: str = "POST", **headers: str
    ) -> Answer:
        return self.loop.run_until_complete(self.apost(path, body, raw=raw, method=method, **headers))

    async def apost(
        self, path: str, body: Any = None, *, raw: bytes | None = None, method: str = "POST", **headers: str
    ) -> Answer:
        from careline.api import tracking

        content = raw if raw is not None else msgspec.json.encode(body)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key is not None:
            given.setdefault("authorization", "Basic " + base64.b64encode(f"{self.key}:".encode()).decode())
        scope = {
            "type": "http",
            "method": method,
            "path": f"/v1/{path}",
            "query_string": b"",
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
        }
        pieces = [content[at : at + 65536] for at in range(0, len(content), 65536)] or [b""]
        events = [
            {"type": "http.request", "body": piece, "more_body": n < len(pieces) - 1} for n, piece in enumerate(pieces)
        ]
        told: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return events.pop(0) if events else {"type": "http.disconnect"}

        async def send(event: dict[str, Any]) -> None:
            told.append(event)

        door = tracking.match(scope)
        assert door is not None, path
        await door(scope, receive, send)
        return Answer(told)


@pytest.fixture
def loop(transactional_db: None) -> Iterator[asyncio.AbstractEventLoop]:
    """The door's threads have connections of their own, so what tests prepare must be committed."""
    from django.db import connection

    from careline.api import tracking

    loop = asyncio.new_event_loop()
    yield loop
    pool = tracking.room.pool()
    for _thread in range(tracking.THREADS):
        pool.submit(connection.close)
    pool.shutdown(wait=True)
    tracking.room.threads, tracking.room.at_work = None, 0
    tracking.room.knocked.clear()
    loop.close()


@pytest.fixture
def sender(loop: asyncio.AbstractEventLoop) -> Callable[[Source | None], Sender]:
    return lambda source: Sender(source.key if source else None, loop)


@pytest.fixture
def line() -> Callable[[], list[Touchpoint]]:
    """Everything that came by a source, oldest first."""
    from careline.touchpoints.models import Touchpoint

    return lambda: list(Touchpoint.objects.filter(source__startswith="source:").order_by("occurred_at", "id"))


@pytest.fixture
def seen() -> Callable[[], list[Sighting]]:
    from careline.tracking.models import Sighting

    return lambda: list(Sighting.objects.order_by("pk"))


@pytest.fixture
def who() -> Callable[[int], int]:
    """Whom an id stands for now."""
    from careline.customers import queries as customers

    return customers.canonical


@pytest.fixture
def own_shelf(settings: Any, tmp_path: Path) -> None:
    """Files are kept in a folder of the test's own."""
    settings.STORAGE_URL = f"file://{tmp_path}/shelf"


@pytest.fixture
def bring(boss: Any) -> Callable[..., Import]:
    """Uploads a file, of sixty visits where nothing is said."""
    from careline.tracking import actions
    from tests.tracking.shelf import HEAD, ROWS

    def bring(*pieces: bytes, name: str = "visits.csv") -> Import:
        return actions.upload(pieces or (HEAD, *ROWS), name=name, actor=boss)

    return bring
