"""The web server in this process: it answers on a port that was taken before, and leaves it in good order."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn
from typing_extensions import override

from careline.cli import addresses, composition, signals
from careline.kit.refusals import Refused

# Open answers may end; open sockets are told to come back elsewhere.
GRACE = 10
BEAT = 1.0


class Server(uvicorn.Server):
    """uvicorn, but it sleeps while nothing happens, and ending is a wish told from outside."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._wake: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def end(self, impatient: bool) -> None:
        """From a signal or another thread."""
        self.should_exit = True
        self.force_exit = self.force_exit or impatient
        if self._loop is not None and self._wake is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    @override
    async def main_loop(self) -> None:
        self._loop, self._wake = asyncio.get_running_loop(), asyncio.Event()
        self._ready()
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), BEAT)

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        signals.on_end(self.end)
        yield


def serve(taken: socket.socket, ready: Callable[[], None]) -> None:
    """Until Ctrl-C or SIGTERM; `ready` is called once requests are answered."""
    from django.conf import settings

    proxies = ",".join(settings.TRUSTED_PROXIES)
    config = uvicorn.Config(
        composition.APPLICATION,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        ws_max_size=1024 * 1024,
        ws_ping_interval=20,
        ws_ping_timeout=20,
    )
    server = Server(config, ready)
    host, port = taken.getsockname()[:2]
    try:
        server.run(sockets=[taken])
    except OSError as error:  # somebody took it between asking and listening
        raise addresses.refused(host, port, error) from error
    except SystemExit:
        # uvicorn has logged why its lifespan did not begin.
        raise Refused("Careline could not start; the reason stands above.") from None
