"""/livez, /readyz and /metrics, beside Django: they answer also when everything else is busy or broken."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

from careline.web.ops import readiness
from careline.web.ops.exposition import page
from careline.web.ops.figures import figures
from careline.web.ops.requests import Receive, Scope, Send

Answer = tuple[int, str]
_INSIDE = [
    ipaddress.ip_network(network)
    for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
]
_FORWARDED = {b"forwarded", b"x-forwarded-for"}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    door = DOORS.get(scope["path"])
    if door is None:
        status, text = 404, "Not found."
    elif scope["method"] not in {"GET", "HEAD"}:
        status, text = 405, "Only GET."
    else:
        status, text = await door(scope)
    body = text.encode() if text.endswith("\n") else f"{text}\n".encode()
    headers = [
        (b"content-type", b"text/plain; version=0.0.4; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def livez(scope: Scope) -> Answer:
    return 200, "ok"


async def readyz(scope: Scope) -> Answer:
    refusal = await readiness.refusal()
    return (503, refusal) if refusal else (200, "ok")


async def metrics(scope: Scope) -> Answer:
    if not from_inside(scope):
        return 404, "Not found."
    try:
        return 200, page(await figures())
    except (psycopg.Error, PoolTimeout, PoolClosed, TimeoutError, OSError, RuntimeError):
        return 200, page(None)


def from_inside(scope: Scope) -> bool:
    """From this machine or its network, not handed on by a proxy: a business's figures are not for strangers."""
    if any(name in _FORWARDED for name, _value in scope["headers"]):
        return False
    client = scope.get("client")
    try:
        address = ipaddress.ip_address(client[0] if client else "")
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in _INSIDE)


DOORS: dict[str, Callable[[Scope], Awaitable[Answer]]] = {"/livez": livez, "/readyz": readyz, "/metrics": metrics}
