"""/livez, /readyz and /metrics."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from careline.kit import pool, schema
from careline.web.ops import counters, figures, probes, readiness
from careline.web.ops.requests import observed

LINE = re.compile(r'[a-z_]+(\{[a-z]+="(\\.|[^"\\])*"(,[a-z]+="(\\.|[^"\\])*")*\})? (-?\d+(\.\d+)?(e[+-]?\d+)?|NaN)')


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "_kept", (float("-inf"), ""))
    monkeypatch.setattr(figures, "_kept", None)


@pytest.fixture
async def opened(database_url: str) -> AsyncIterator[None]:
    await pool.open_pool(database_url, size=2)
    yield
    await pool.close_pool()


async def ask(path: str, *, method: str = "GET", client: str = "127.0.0.1", **headers: str) -> tuple[int, str]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("nothing is read")

    written = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "path": path, "method": method, "headers": written, "client": (client, 5000)}
    await probes.app(scope, receive, send)
    return sent[0]["status"], sent[1]["body"].decode()


async def test_the_process_lives_without_a_database():
    assert await ask("/livez") == (200, "ok\n")
    assert await ask("/livez", method="HEAD") == (200, "")
    assert (await ask("/livez", method="POST"))[0] == 405
    assert (await ask("/elsewhere"))[0] == 404


async def test_it_is_ready_with_a_database_that_is_up_to_date(opened: None):
    assert await ask("/readyz") == (200, "ok\n")


async def test_it_is_not_ready_without_a_database():
    assert await ask("/readyz") == (503, "The database cannot be reached.\n")


async def test_it_is_not_ready_while_migrations_are_pending(opened: None, monkeypatch: pytest.MonkeyPatch):
    there = schema.on_disk()
    monkeypatch.setattr(schema, "on_disk", lambda: there | {("customers", "0099_later")})
    status, told = await ask("/readyz")
    assert status == 503
    assert told.startswith("Migrations are pending (customers.0099_later)")


async def test_readiness_is_not_asked_of_the_database_each_time(opened: None, monkeypatch: pytest.MonkeyPatch):
    await ask("/readyz")
    monkeypatch.setattr(pool, "connection", lambda: pytest.fail("asked again"))
    assert await ask("/readyz") == (200, "ok\n")


async def test_figures_are_told_in_the_format_of_prometheus(opened: None):
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})

    async def nothing(*_given: Any) -> None: ...

    scope = {"type": "http", "path": "/api/v1/inboxes/3", "method": "GET", "headers": []}
    await observed(app)(scope, nothing, nothing)  # type: ignore[arg-type]
    with counters.open_socket("/ws/agent"):
        status, told = await ask("/metrics")
    assert status == 200
    lines = told.splitlines()
    assert [line for line in lines if not line.startswith("# ") and not LINE.fullmatch(line)] == []
    named = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert {line.split("{")[0].split()[0] for line in lines if line[0] != "#"} <= {
        name + end for name in named for end in ("", "_bucket", "_sum", "_count")
    }
    assert 'careline_requests_total{method="GET",route="/api/v1/inboxes/*",status="204"} 1' in lines
    assert 'careline_request_seconds_bucket{route="/api/v1/inboxes/*",le="+Inf"} 1' in lines
    assert 'careline_sockets_open{route="/ws/agent"} 1' in lines
    assert "careline_database_up 1" in lines
    assert {
        "careline_outbox_waiting", "careline_outbox_age_seconds", "careline_subscriber_lag_seconds", "careline_jobs",
        "process_resident_memory_bytes",
    } <= named  # fmt: skip


async def test_what_was_counted_is_told_without_a_database():
    status, told = await ask("/metrics")
    assert status == 200
    assert "careline_database_up 0" in told
    assert "careline_outbox" not in told


async def test_figures_that_cost_are_kept_for_a_while(opened: None, monkeypatch: pytest.MonkeyPatch):
    await ask("/metrics")
    monkeypatch.setattr(pool, "connection", lambda: pytest.fail("asked again"))
    assert "careline_database_up 1" in (await ask("/metrics"))[1]


@pytest.mark.parametrize(
    ("client", "headers"), [("203.0.113.9", {}), ("127.0.0.1", {"x_forwarded_for": "10.0.0.1"}), ("testclient", {})]
)
async def test_figures_are_not_for_strangers(client: str, headers: dict[str, str]):
    assert await ask("/metrics", client=client, **headers) == (404, "Not found.\n")


async def test_figures_are_for_the_network_of_the_house(opened: None):
    assert (await ask("/metrics", client="10.1.2.3"))[0] == 200
