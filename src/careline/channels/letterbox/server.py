"""The letterbox as a server: where it listens, how many it lets in, and how it is closed again."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
import threading
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import IO

import msgspec
from django.conf import settings
from django.db import connections

from careline.channels.letterbox import mailboxes
from careline.channels.letterbox.dialogue import Dialogue, Limits, LmtpDialogue
from careline.channels.letterbox.slot import Brought, Recipient, Slot

# Mails being kept at a time; each may lie in memory with its copies.
AT_ONCE = 2
# When told to stop, a mail that is being kept is waited for.
LEAVING = 5.0
AFTER_TROUBLE = 5.0
_log = logging.getLogger(__name__)


class Listener(msgspec.Struct, frozen=True):
    host: str
    port: int
    is_lmtp: bool = False


class Certificate(msgspec.Struct):
    """Read again when the file was renewed, so that a renewal needs no restart."""

    certificate: Path
    key: Path
    _made: tuple[float, ssl.SSLContext] | None = None

    def context(self) -> ssl.SSLContext | None:
        """None while it cannot be read: mail comes without encryption rather than not at all."""
        try:
            changed = max(os.stat(one).st_mtime for one in (self.certificate, self.key))
            if self._made is None or self._made[0] != changed:
                made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                made.load_cert_chain(self.certificate, self.key)
                self._made = (changed, made)
        except (OSError, ssl.SSLError) as error:
            _log.warning("The letterbox has no certificate it can use: %s.", type(error).__name__)
        return self._made[1] if self._made is not None else None


class Letterbox:
    """Who is inside, and the threads in which the slot waits for the database."""

    def __init__(self, slot: Slot, limits: Limits) -> None:
        self.slot, self.limits = slot, limits
        self.inside: Counter[str] = Counter()
        # Looking an address up must not wait behind mails of 40 MB.
        self.looking = ThreadPoolExecutor(1, thread_name_prefix="letterbox-find")
        self.keeping = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="letterbox-keep")

    def enters(self, peer: str, *, is_lmtp: bool) -> bool:
        if self.inside.total() >= self.limits.connections:
            return False
        if not is_lmtp and self.inside[peer] >= self.limits.per_peer:
            return False
        self.inside[peer] += 1
        return True

    def leaves(self, peer: str) -> None:
        self.inside[peer] -= 1
        if not self.inside[peer]:
            del self.inside[peer]

    async def find(self, address: str) -> Recipient | None:
        return await asyncio.get_running_loop().run_in_executor(self.looking, self.slot.find, address)

    async def take(self, brought: Brought, spool: IO[bytes]) -> dict[str, str]:
        return await asyncio.get_running_loop().run_in_executor(self.keeping, self.slot.take, brought, spool)

    def close(self) -> None:
        for threads, count in ((self.looking, 1), (self.keeping, AT_ONCE)):
            every = threading.Barrier(count)
            for _each in range(count):
                threads.submit(_disconnect, every)
            threads.shutdown()


def _disconnect(every: threading.Barrier) -> None:
    """Each thread has a connection of its own, which nobody else can close."""
    connections.close_all()
    try:
        every.wait(LEAVING)
    except threading.BrokenBarrierError:
        return


@asynccontextmanager
async def serving(
    slot: Slot, listeners: Sequence[Listener], *, limits: Limits | None = None, certificate: Certificate | None = None
) -> AsyncIterator[list[int]]:
    """Gives the ports; raises OSError for one that cannot be had."""
    # The library writes every address it hears into its log.
    logging.getLogger("mail").setLevel(logging.CRITICAL + 1)
    loop = asyncio.get_running_loop()
    letterbox = Letterbox(slot, limits or Limits())
    open_: list[asyncio.Server] = []
    visits: set[Dialogue] = set()

    def visit(is_lmtp: bool) -> Dialogue:
        kind = LmtpDialogue if is_lmtp else Dialogue
        begun = kind(letterbox, loop, slot.host, certificate.context() if certificate is not None else None)
        visits.difference_update([one for one in visits if one.is_over])
        visits.add(begun)
        return begun

    try:
        for one in listeners:
            server = await loop.create_server(partial(visit, one.is_lmtp), one.host, one.port)
            open_.append(server)
        yield [server.sockets[0].getsockname()[1] for server in open_]
    finally:
        for server in open_:
            server.close()
        ends = loop.time() + LEAVING
        while any(one.is_taking for one in visits) and loop.time() < ends:
            await asyncio.sleep(0.05)
        for left in visits:
            left.end()
        await asyncio.sleep(0)
        await asyncio.to_thread(letterbox.close)


def configured() -> list[Listener]:
    """Where the settings say that mail comes in; nowhere, unless they say so."""
    return [
        Listener(*listens, is_lmtp=is_lmtp)
        for listens, is_lmtp in ((settings.CARELINE_SMTP_LISTEN, False), (settings.CARELINE_LMTP_LISTEN, True))
        if listens is not None
    ]


def run(stop: threading.Event) -> None:
    """Take mail until told to stop; an address that cannot be had is asked for again."""
    # STARTTLS of the library is made for this loop.
    loop = asyncio.SelectorEventLoop()
    try:
        loop.run_until_complete(_until(stop))
    except OSError as error:
        _log.warning("The letterbox cannot listen: %s.", os.strerror(error.errno) if error.errno else "no such address")
        stop.wait(AFTER_TROUBLE)
    finally:
        loop.close()


async def _until(stop: threading.Event) -> None:
    pair: tuple[str, str] | None = settings.CARELINE_SMTP_CERTIFICATE
    certificate = Certificate(Path(pair[0]), Path(pair[1])) if pair is not None else None
    async with serving(mailboxes.slot(), configured(), certificate=certificate):
        while not stop.is_set():
            await asyncio.sleep(0.25)
