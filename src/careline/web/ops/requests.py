"""Every request passes here: it gets an id, is counted, and leaves one line in the log that says nothing of anybody."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from time import perf_counter
from typing import Any

from careline.web.ops import counters
from careline.web.ops.routes import name_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# The client went away before there was an answer.
GONE = 499
# Asked every few seconds by machines; what changes there is told where it is found out.
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})

current: ContextVar[str] = ContextVar("request", default="")
_log = logging.getLogger("careline.requests")


def observed(app: Application) -> Application:
    """Wraps the whole application, sockets included."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _request(app, scope, receive, send)
        elif scope["type"] == "websocket":
            await _socket(app, scope, receive, send)
        else:
            await app(scope, receive, send)

    return application


async def _request(app: Application, scope: Scope, receive: Receive, send: Send) -> None:
    began = perf_counter()
    identity = secrets.token_hex(8)
    current.set(identity)
    header = (b"x-request-id", identity.encode())
    status = 0

    async def answer(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            message["headers"] = [*message.get("headers", ()), header]
        await send(message)

    try:
        await app(scope, receive, answer)
    except Exception:
        status = status or 500
        raise
    finally:
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        route = name_of(scope["path"])
        took = perf_counter() - began
        counters.count_request(method, route, status or GONE, took)
        if route not in _QUIET:
            _note(method, route, status or GONE, took)


async def _socket(app: Application, scope: Scope, receive: Receive, send: Send) -> None:
    current.set(secrets.token_hex(8))
    route = name_of(scope["path"])
    with counters.open_socket(route):
        await app(scope, receive, send)


def _note(method: str, route: str, status: int, took: float) -> None:
    level = logging.WARNING if status >= 500 and status != 503 else logging.INFO
    if _log.isEnabledFor(level):
        facts = {"method": method, "route": route, "status": status, "ms": round(took * 1000, 1)}
        _log.log(level, "request", extra={"facts": facts})
