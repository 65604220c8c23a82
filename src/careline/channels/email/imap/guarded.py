"""Python's IMAP, on a way of our own, with an end to everything a server could do without end."""

from __future__ import annotations

import imaplib
import socket
import threading
import time

from imapclient import IMAPClient
from typing_extensions import override

from careline.channels.email.dialing import CONNECT_SECONDS, context, reached
from careline.channels.email.imap.mailbox import MEGABYTE, Mailbox

# For each piece of an answer, and for a whole one; large mails have longer.
ANSWER_SECONDS = 30.0
WHOLE_SECONDS = 120.0
SLOWEST = 50_000  # bytes a second
# What a server may say to one question beyond the mails that were asked for.
CHATTER = 8 * MEGABYTE


class Bounds:
    """How long the answer to the present question may take, and how long it may be."""

    def __init__(self) -> None:
        self.deadline = float("inf")
        self.left = CHATTER

    def begin(self, size: int = 0) -> None:
        self.left = CHATTER + 2 * size
        self.deadline = time.monotonic() + WHOLE_SECONDS + size / SLOWEST

    def rest(self) -> None:
        self.deadline, self.left = float("inf"), CHATTER

    def end_in(self, seconds: float) -> None:
        self.deadline, self.left = time.monotonic() + seconds, CHATTER

    def took(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise imaplib.IMAP4.abort("more than was asked for")


class _Imap(imaplib.IMAP4):
    def __init__(self, mailbox: Mailbox, bounds: Bounds) -> None:
        self.mailbox, self.bounds = mailbox, bounds
        super().__init__(mailbox.host, mailbox.port, CONNECT_SECONDS)
        # Names and passwords beyond ASCII, where only LOGIN is offered.
        self._encoding = "utf-8"

    def _create_socket(self, timeout: float | None) -> socket.socket:
        line = reached(self.mailbox.host, self.mailbox.port)
        line.settimeout(ANSWER_SECONDS)
        if self.mailbox.security != "tls":
            return line
        try:
            return context(self.mailbox.authority).wrap_socket(line, server_hostname=self.mailbox.host)
        except BaseException:
            line.close()
            raise

    @override
    def read(self, size: int) -> bytes:
        self.bounds.took(size)  # before room is made for it
        return super().read(size)

    @override
    def readline(self) -> bytes:
        line = super().readline()
        self.bounds.took(len(line))
        return line


class Client(IMAPClient):  # type: ignore[misc]  # the library carries no types
    def __init__(self, mailbox: Mailbox, bounds: Bounds) -> None:
        self._mailbox, self._bounds = mailbox, bounds
        super().__init__(mailbox.host, mailbox.port, ssl=mailbox.security == "tls", timeout=ANSWER_SECONDS)
        self.normalise_times = False
        # It would write every line somewhere, passwords among them.
        self._imap.debug = 0

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802
        return _Imap(self._mailbox, self._bounds)

    @property
    def is_leaving(self) -> bool:
        """It said BYE, which may stand behind whatever failed."""
        return "BYE" in self._imap.untagged_responses

    def cut(self) -> None:
        """From another thread: to close a socket would not wake the one that waits for it."""
        try:
            self._imap.sock.shutdown(socket.SHUT_RDWR)
        except (OSError, AttributeError):
            return


class Watch:
    """Cuts a connection whose answer is overdue, and one that does not end when it is told to."""

    GRACE = 2.0
    NAP = 5.0

    def __init__(self, client: Client, bounds: Bounds, stop: threading.Event) -> None:
        self._client, self._bounds, self._stop = client, bounds, stop
        self._over = threading.Event()
        threading.Thread(target=self._watch, name="imap-watch", daemon=True).start()

    def end(self) -> None:
        self._over.set()

    def _watch(self) -> None:
        while not self._over.is_set():
            if self._stop.wait(max(0.05, min(self.NAP, self._bounds.deadline - time.monotonic()))):
                self._over.wait(self.GRACE)
                break
            if time.monotonic() >= self._bounds.deadline:
                break
        if not self._over.is_set():
            self._client.cut()
