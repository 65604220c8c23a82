"""Readers in processes of their own, kept and reused: a mail may cost 400 MB and five seconds, and never more.

readers = Readers()
found = readers.read(raw)      # from any thread; waits for a free reader
readers.close()
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import signal
import struct
import subprocess
import sys
import time
from types import TracebackType
from typing import Self

import msgspec

from careline.channels.email import child, reading
from careline.channels.email.cleaning import Cleaned
from careline.channels.email.understanding import Understood, undressed, unread

# A reader is judged by its processor time; this is for one that hangs or is starved by the machine.
PATIENCE = 4 * child.SECONDS
_CHUNK = 1 << 20
_cleaned = msgspec.msgpack.Decoder(Cleaned)


class Broken(Exception):
    """A reader ended without an answer; says why in a code of remarks.py."""


class Readers:
    """At most `most` at a time, started when they are needed."""

    def __init__(self, most: int = 2, *, seconds: float = child.SECONDS) -> None:
        self._seconds = seconds
        self._free: queue.LifoQueue[_Reader | None] = queue.LifoQueue()
        self._most = most
        for _number in range(most):
            self._free.put(None)
        self.started = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, raw: bytes) -> Understood:
        """Never fails: a mail that breaks the bounds comes back as unread, with the reason."""
        if len(raw) > reading.LARGEST:
            return unread("too-large", raw)
        reader = self._free.get()
        try:
            if reader is None or not reader.fit:
                self._end(reader)
                reader = None  # a start that fails must not leave a closed one behind
                reader = _Reader(self._seconds)
                self.started += 1
            return reader.read(raw)
        except Broken as broken:
            self._end(reader)
            reader = None
            return unread(str(broken), raw)
        finally:
            self._free.put(reader)

    def close(self) -> None:
        """Ends every reader; waits for those at work."""
        for _number in range(self._most):
            self._end(self._free.get())
        for _number in range(self._most):
            self._free.put(None)

    @staticmethod
    def _end(reader: _Reader | None) -> None:
        if reader is not None:
            reader.end()


class _Reader:
    def __init__(self, seconds: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", child.__name__, str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._decoder = msgspec.msgpack.Decoder(Understood)
        self._left = child.MOST_MAILS
        try:
            self._receive(time.monotonic() + PATIENCE)
        except Broken:
            self.end()
            raise

    @property
    def fit(self) -> bool:
        return self._left > 0 and self._process.poll() is None

    def read(self, raw: bytes) -> Understood:
        until = time.monotonic() + PATIENCE
        self._left -= 1
        self._send(struct.pack("<Q", len(raw)), until)
        self._send(raw, until)
        how, frame = self._receive(until)
        if how != child.DONE:
            raise Broken("memory")
        try:
            found = self._decoder.decode(frame)
        except msgspec.MsgspecError:
            raise Broken("died") from None
        return self._dressed(found, until) if found.mail.html else found

    def _dressed(self, found: Understood, until: float) -> Understood:
        try:
            how, frame = self._receive(until)
            if how == child.DONE:
                return msgspec.structs.replace(found, whole=_cleaned.decode(frame))
        except (Broken, msgspec.MsgspecError):
            self._left = 0  # what state it is in is not known
        return undressed(found)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _send(self, frame: bytes, until: float) -> None:
        rest = memoryview(frame)
        while rest:
            self._wait(self._in, select.POLLOUT, until)
            try:
                rest = rest[os.write(self._in, rest[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise Broken(self._why()) from None

    def _receive(self, until: float) -> tuple[bytes, bytearray]:
        how, size = child.HEAD.unpack(self._exactly(child.HEAD.size, until))
        return how, self._exactly(size, until)

    def _exactly(self, size: int, until: float) -> bytearray:
        found = bytearray()
        while len(found) < size:
            self._wait(self._out, select.POLLIN, until)
            try:
                piece = os.read(self._out, min(_CHUNK, size - len(found)))
            except BlockingIOError:
                continue
            if not piece:
                raise Broken(self._why())
            found += piece
        return found

    def _wait(self, descriptor: int, event: int, until: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        left = until - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise Broken("time")

    def _why(self) -> str:
        """It may have said so before it ended, while we were still writing."""
        if select.select([self._out], [], [], 1)[0]:
            last = os.read(self._out, child.HEAD.size)
            if last[:1] == child.MEMORY_GONE:
                return "memory"
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        ended = self._process.returncode
        return "time" if ended == -signal.SIGPROF else "memory" if ended == -signal.SIGKILL else "died"
