"""A letterbox with a real socket; what it keeps is kept in a list."""

from __future__ import annotations

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError

from careline.channels import letterbox
from careline.channels.letterbox import Limits, Listener, Recipient, Slot

HELP, SALES = "help@shop.example", "sales@shop.example"
MAIL = (
    b"From: Ada <ada@example.com>\r\nTo: help@shop.example\r\nMessage-ID: <1@example.com>\r\n"
    b"Subject: Tea\r\n\r\nHello\r\n"
)


class Shelf:
    """Two mailboxes; each mail kept, with the lines put above it."""

    def __init__(self) -> None:
        self.kept: list[tuple[int, bytes, bytes]] = []
        self.is_down = False
        self.is_down_for: set[int] = set()
        self.slot = Slot(self.find, self.keep, host="care.example")

    def find(self, address: str) -> Recipient | None:
        if self.is_down:
            raise OperationalError("the server closed the connection to ada@example.com unexpectedly")
        local = address.partition("@")[0].partition("+")[0]
        number = {HELP: 1, SALES: 2}.get(f"{local}@shop.example")
        return Recipient(number, "email", address) if number and address.endswith("@shop.example") else None

    def keep(self, inbox_id: int, kind: str, raw: bytes, above: bytes) -> None:
        if self.is_down or inbox_id in self.is_down_for:
            raise OperationalError("the server closed the connection to ada@example.com unexpectedly")
        self.kept.append((inbox_id, raw, above))


@contextmanager
def listening(slot: Slot, *, limits: Limits | None = None, certificate: Any = None) -> Iterator[tuple[int, int]]:
    """Gives the ports for SMTP and for LMTP."""
    ports: list[int] = []
    stop, ready = threading.Event(), threading.Event()

    async def serve() -> None:
        listeners = [Listener("127.0.0.1", 0), Listener("127.0.0.1", 0, is_lmtp=True)]
        async with letterbox.serving(slot, listeners, limits=limits, certificate=certificate) as found:
            ports.extend(found)
            ready.set()
            while not stop.is_set():
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield ports[0], ports[1]
    finally:
        stop.set()
        thread.join(60)
    assert not thread.is_alive()


@contextmanager
def visit(port: int) -> Iterator[smtplib.SMTP]:
    client = smtplib.SMTP("127.0.0.1", port, timeout=60)
    try:
        client.ehlo("mx.example.com")
        yield client
    finally:
        client.close()
