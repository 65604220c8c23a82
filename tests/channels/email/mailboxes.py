"""What tests of fetching share: a satchel that only remembers, mails, and servers that say what they are told to."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from careline.channels.email import imap
from careline.channels.email.imap import fetching
from careline.channels.satchel import Place, Why

# Of a loaded machine.
PATIENCE = 120.0


def mail(subject: str, body: bytes = b"Where is my lamp?\r\n") -> bytes:
    head = f"From: Ada <ada@example.com>\r\nTo: help@shop.example\r\nMessage-ID: <{uuid4()}@example.com>\r\n"
    return f"{head}Subject: {subject}\r\n\r\n".encode() + body


def until(said: Callable[[], Any], seconds: float = PATIENCE, pause: float = 0.02) -> Any:
    """What it says at last. It happens in other threads, processes and servers, which tell nobody: it is asked for."""
    end = time.monotonic() + seconds
    while not (found := said()):
        assert time.monotonic() < end
        time.sleep(pause)
    return found


def looked(mailbox: imap.Mailbox, satchel: Remembered) -> None:
    """Until nothing is left."""
    line = imap.opened(mailbox)
    try:
        while fetching.look(line, satchel, threading.Event()):
            pass
    finally:
        line.close()


@dataclass
class Remembered:
    """As the house's own, in memory."""

    places: dict[str, Place] = field(default_factory=dict)
    kept: list[tuple[int, bytes]] = field(default_factory=list)
    skipped: list[tuple[int, str, int]] = field(default_factory=list)
    looks: int = 0
    credentials: dict[str, str] = field(default_factory=dict)
    # Called before something is kept: a fall in the middle.
    before: Callable[[int], None] = lambda _uid: None
    ended: threading.Event = field(default_factory=threading.Event)

    def place(self, folder: str) -> Place | None:
        return self.places.get(folder)

    def begin(self) -> None:
        self.ended.clear()

    def keep(self, folder: str, uid: int, raw: bytes, headers: Mapping[str, str]) -> None:
        self.before(uid)
        if raw in [known for _uid, known in self.kept]:
            self.skipped.append((uid, "known", 1))
            return
        self.kept.append((uid, raw))

    def skip(self, folder: str, uid: int, why: Why, n: int = 1) -> None:
        self.skipped.append((uid, why, n))

    def mark(self, place: Place) -> None:
        self.places[place.folder] = place

    def end(self) -> None:
        self.looks += 1
        self.ended.set()

    def renew(self, name: str, secret: str) -> None:
        self.credentials[name] = secret

    @property
    def subjects(self) -> list[str]:
        return [raw.split(b"Subject: ", 1)[1].split(b"\r\n")[0].decode() for _uid, raw in self.kept]


Answers = Callable[[bytes, bytes], bytes | None]


@contextmanager
def speaking(greeting: bytes, answers: Answers | None = None) -> Iterator[int]:
    """A server that answers (tag, rest of the line) with bytes, hangs up on None and is silent on nothing."""
    listening = socket.create_server(("127.0.0.1", 0))
    open_lines: list[socket.socket] = []

    def serve(line: socket.socket) -> None:
        try:
            line.sendall(greeting)
            if answers is None:
                return
            with line.makefile("rb") as heard:
                for said in heard:
                    tag, _space, rest = said.strip().partition(b" ")
                    answer = answers(tag, rest)
                    if answer is None:
                        break
                    line.sendall(answer)
            line.close()
        except OSError:
            return

    def accept() -> None:
        while True:
            try:
                line, _address = listening.accept()
            except OSError:
                return
            open_lines.append(line)
            threading.Thread(target=serve, args=(line,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
        for line in open_lines:
            line.close()


def usual(**special: bytes) -> Answers:
    """An IMAP server in ten lines, with an answer of its own to some commands; {tag} stands for the tag."""

    def answer(tag: bytes, rest: bytes) -> bytes | None:
        words = rest.upper().split()
        name = (words[1] if words and words[0] == b"UID" else words[0] if words else b"DONE").decode()
        if name in special:
            return special[name].replace(b"{tag}", tag)
        return {
            "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
            "EXAMINE": b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 12] ok\r\n",
            "LOGOUT": b"* BYE good bye\r\n",
        }.get(name, b"") + tag + b" OK done\r\n"  # fmt: skip

    return answer
