"""The log says what happened and where, and nothing that anybody said or is called."""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from careline.cli import signals
from careline.config import logs
from careline.web.ops.requests import observed

# What a customer might say, be called, live at or carry in a link.
PERSONAL = ["Ada", "Moreau", "ada@example.net", "+442079460958", "hunter2", "cl_secret-token", "Rue de Rivoli", "آدا"]
ADA = "Ada Moreau, ada@example.net, +442079460958, hunter2, cl_secret-token, Rue de Rivoli, آدا"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(params=[io.StringIO, Screen], ids=["lines", "terminal"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What is written while the test runs; the suite's own logging is put back afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    names = [*logs.QUIET, *logs.SILENT, "careline.requests", "django.request"]
    levels = {name: logging.getLogger(name).level for name in names}
    logs._lately.clear()
    out: io.StringIO = request.param()
    logs.configure(out)
    yield out
    root.handlers[:] = before
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)


def scope(path: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "http", "method": "POST", "path": path, "query_string": f"q={ADA}".encode(),
        "client": ("203.0.113.9", 4000),
        "headers": [(b"cookie", b"careline_session=hunter2"), (b"authorization", b"Bearer cl_secret-token")],
    } | more  # fmt: skip


async def ask(app: Any, path: str, **more: Any) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": ADA.encode()}

    async def send(message: Any) -> None:
        sent.append(message)

    await observed(app)(scope(path, **more), receive, send)
    return sent


async def answers(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "http.response.start", "status": 201, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b""})


async def breaks(scope: Any, receive: Any, send: Any) -> None:
    raise ValueError(f"cannot greet {ADA}")


def nothing_personal(told: str) -> None:
    assert [word for word in [*PERSONAL, "203.0.113.9"] if word in told] == []


async def test_a_request_leaves_its_method_route_status_and_time(log: io.StringIO):
    sent = await ask(answers, "/api/v1/conversations/1001/messages")
    await ask(answers, f"/customers/{ADA}")
    told = log.getvalue()
    nothing_personal(told)
    if log.isatty():
        assert told == ""  # a person at a terminal sees trouble only
        return
    first, second = map(json.loads, told.splitlines())
    assert first["method"] == "POST"
    assert first["route"] == "/api/v1/conversations/*/messages"
    assert first["status"] == 201
    assert first["ms"] >= 0
    assert dict(sent[0]["headers"])[b"x-request-id"].decode() == first["request"]
    assert first["request"] != second["request"]


async def test_a_fault_names_its_place_and_not_its_message(log: io.StringIO):
    async def told_by_uvicorn(scope: Any, receive: Any, send: Any) -> None:
        try:
            await breaks(scope, receive, send)
        except ValueError as error:
            logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=error)
            await send({"type": "http.response.start", "status": 500, "headers": []})

    await ask(told_by_uvicorn, "/inbox")
    told = log.getvalue()
    nothing_personal(told)
    assert "ValueError" in told
    assert "test_logs.py" in told
    assert "breaks" in told
    assert "500" in told


def test_the_names_of_rules_and_of_parts_of_the_program_are_told(log: io.StringIO):
    class Diagnosis:
        constraint_name = "identity_is_once"

    class UniqueViolation(Exception):
        sqlstate = "23505"
        diag = Diagnosis()

    try:
        try:
            raise UniqueViolation(f"Key (value)=({ADA}) already exists")
        except UniqueViolation as violation:
            raise RuntimeError(ADA) from violation
    except RuntimeError:
        logging.getLogger("careline.customers").exception("It was not written.")
    try:
        import careline.nothing_of_that_name  # type: ignore[import-not-found]  # noqa: F401
    except ImportError:
        logging.getLogger("careline.web").exception("Not there.")
    told = log.getvalue()
    nothing_personal(told)
    assert "RuntimeError from UniqueViolation 23505 identity_is_once" in told
    assert "careline.nothing_of_that_name" in told


def test_libraries_are_not_trusted_with_values(log: io.StringIO):
    logging.getLogger("django.request").error("Internal Server Error: %s", f"/s/{ADA}")
    logging.getLogger("asyncio").error(f"Task exception was never retrieved\nfuture: <Task exception=E({ADA!r})>")
    logging.getLogger("somebody.else").warning("%s of %d failed for %s", ADA, 3, {"who": ADA})
    logging.getLogger("somebody.else").warning("%(who)s failed", {"who": ADA})
    told = log.getvalue()
    nothing_personal(told)
    assert "Internal Server Error: …" in told
    assert "Task exception was never retrieved" in told
    assert "… of 3 failed for …" in told


def test_a_lost_database_is_not_told_by_every_library(log: io.StringIO):
    class ConnectorException(Exception):
        pass

    logging.getLogger("psycopg.pool").warning("error connecting in %r: %s", "pool-1", "refused")
    logging.getLogger("procrastinate.worker").error("Side task failed", exc_info=ConnectorException())
    assert log.getvalue() == ""


def test_what_is_found_out_again_and_again_is_told_once_a_minute(log: io.StringIO):
    waiting = logging.getLogger("careline.touchpoints")
    now = time.time()
    with time_machine.travel(now, tick=False):
        for _attempt in range(50):
            waiting.warning("Waiting for %s.", "the database")
        waiting.warning("Waiting for %s.", "somebody else")
        waiting.error("Broken.")
        waiting.error("Broken.")
    with time_machine.travel(now + 61, tick=False):
        waiting.warning("Waiting for %s.", "the database")
    told = log.getvalue()
    assert told.count("Waiting for the database.") == 2
    assert told.count("Waiting for somebody else.") == 1
    assert told.count("Broken.") == 2


def test_libraries_are_quiet_once_the_end_is_told(log: io.StringIO, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(signals.told, "is_set", lambda: True)
    logging.getLogger("asyncio").error("Task was destroyed but it is pending!")
    assert log.getvalue() == ""
    logging.getLogger("careline.channels").warning("A room still may.")
    assert "A room still may." in log.getvalue()
