"""The one process: sockets and hot doors as raw ASGI, everything else Django in fixed threads."""

from __future__ import annotations

import asyncio
import gc
import os
import re
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careline.config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http.request import split_domain_port, validate_host  # noqa: E402
from whitenoise import WhiteNoise  # noqa: E402

from careline.api import hot, tracking  # noqa: E402
from careline.channels import adapter  # noqa: E402
from careline.config import logs  # noqa: E402
from careline.files.limits import LARGEST_IN_PIECES  # noqa: E402
from careline.kit import bus, pool  # noqa: E402
from careline.kit.threads import AT_MOST, Threads  # noqa: E402
from careline.web import assets, live  # noqa: E402
from careline.web.ops import probes  # noqa: E402

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Few fixed threads, each with its own lasting connection: more only wait for the same two cores.
THREADS: int = settings.CARELINE_THREADS
MB = 1024 * 1024
# Where files are taken that are read in pieces.
IMPORTS = re.compile(r"/settings/(imports|inboxes/\d+/history)|/api/v1/(imports|histories)", re.ASCII)
CHANNELS = "/channels/"
VISITOR = "/ws/visitor/"
PROBES = {"/livez", "/readyz", "/metrics"}


def _pages() -> App:
    served = WhiteNoise(get_wsgi_application(), max_age=31536000, allow_all_origins=False)
    served.add_files(str(assets.FOLDER), prefix=assets.root())
    return Threads(served, THREADS, _most)


def _most(scope: Scope) -> int:
    """Bytes that a request may bring: files where files are taken and it is said by whom, else a form."""
    path: str = scope["path"]
    said = dict(scope["headers"])
    is_program = path.startswith("/api/")
    if path.startswith(CHANNELS):
        return _most_of(path[len(CHANNELS) :].partition("/")[0]) if b"authorization" in said else 2 * MB
    if (b"authorization" if is_program else b"cookie") not in said:
        return 2 * MB
    if IMPORTS.fullmatch(path):
        return LARGEST_IN_PIECES + MB
    return AT_MOST if is_program or said.get(b"content-type", b"").startswith(b"multipart/") else 2 * MB


def _most_of(kind: str) -> int:
    """What a provider may deliver at once; to a channel there is none of, what anybody may send."""
    known = adapter.adapters().get(kind)
    return 2 * MB if known is None else max(2 * MB, known.capabilities.largest)


def _host(scope: Scope) -> bytes:
    return next((value for name, value in scope["headers"] if name == b"host"), b"")


@lru_cache(maxsize=256)
def _is_ours(host: bytes) -> bool:
    """Whether this installation answers to a name; another site's may point here (CARELINE_ALLOWED_HOSTS)."""
    domain, _port = split_domain_port(host.decode("latin-1"))
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


async def _elsewhere(kind: str, receive: Receive, send: Send) -> None:
    if kind == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4400})
        return
    words = b"This installation does not answer to this host name; CARELINE_ALLOWED_HOSTS lists further ones.\n"
    head = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(words))]
    await send({"type": "http.response.start", "status": 400, "headers": head})
    await send({"type": "http.response.body", "body": words})


class Careline:
    """The root router. What it does not know is Django's."""

    def __init__(self) -> None:
        self.pages = _pages()
        self.workers: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind != "lifespan" and scope["path"] not in PROBES and not _is_ours(_host(scope)):
            await _elsewhere(kind, receive, send)
        elif kind == "http":
            await self.answer(scope, receive, send)
        elif kind == "websocket":
            await self.socket(scope, receive, send)
        elif kind == "lifespan":
            await self.live(receive, send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path in PROBES:
            await probes.app(scope, receive, send)
            return
        door = None
        if path.startswith((hot.ROOT, hot.PEOPLE)):
            door = hot.match(scope)
        elif path.startswith(tracking.ROOT):
            door = tracking.match(scope)
        await (door or self.pages)(scope, receive, send)

    async def socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path == "/ws/agent":
            await live.agent_socket(scope, receive, send)
        elif path.startswith(VISITOR) and "/" not in path[len(VISITOR) :]:
            await live.visitor_socket(scope, receive, send, path[len(VISITOR) :])
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4404})

    async def live(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                try:
                    await self.start()
                except Exception as error:
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    raise
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def start(self) -> None:
        dsn = settings.DATABASE_URL
        if not dsn:
            raise RuntimeError("DATABASE_URL is not set.")
        # Alone in its process group, Careline needs no bus between processes; `serve` and `work` do.
        alone = os.environ.get("CARELINE_ALONE") == "1"
        bus.start(None if alone else dsn, settings.REDIS_URL)
        await pool.open_pool(dsn)
        await live.hub.start()
        # What stands now stands for good: pages that come and go by the thousand objects need not have it searched.
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)
        if os.environ.get("CARELINE_WORKERS") == "1":
            from careline.cli.work import Workers

            self.workers = Workers()
            self.workers.start()

    async def stop(self) -> None:
        if self.workers is not None:
            await asyncio.to_thread(self.workers.stop)
        await live.hub.stop()
        await pool.close_pool()
        await asyncio.to_thread(bus.stop)


application: App = logs.request_log(Careline())
