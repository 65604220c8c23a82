"""The web server in this process: one port, taken before anything else is started, left in good order."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
from typing_extensions import override

from careline.cli import composition, signals
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


def take_port(host: str, port: int) -> socket.socket:
    """Before the database is started: a port that is taken is the commonest reason not to start at all."""
    family, _kind, _protocol, _name, address = _address(host, port)
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(address)
    except OSError as error:
        taken.close()
        raise _refused(host, port, error) from error
    return taken


def _refused(host: str, port: int, error: OSError) -> Refused:
    if error.errno == errno.EADDRINUSE:
        return Refused(f"Port {port} on {host} is taken: stop what runs there or choose another with --port.")
    if error.errno == errno.EACCES:
        return Refused(f"Port {port} on {host} may not be taken by this user: choose one above 1023.")
    return Refused(f"{host}:{port} cannot be taken: {error.strerror}.")


def _address(host: str, port: int) -> Any:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (socket.gaierror, OverflowError) as error:
        raise Refused(f"{host}:{port} is no address of this machine.") from error


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
    address = taken.getsockname()
    try:
        server.run(sockets=[taken])
    except OSError as error:  # somebody took it between asking and listening
        host, port = address[:2]
        raise _refused(host, port, error) from error
    except SystemExit:
        # uvicorn has logged why its lifespan did not begin.
        raise Refused("Careline could not start; the reason stands above.") from None
