"""The link to other processes: one thread tells, one hears, and both come back by themselves when the way was cut."""

import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from typing import Protocol

from careline.kit.bus.frames import Assembler, Message, cut, encode, gap

# Messages published within this many seconds travel together.
TOGETHER = 0.005
# What waits while the way is cut; when more was published, the others are told to look for themselves.
WAITING = 20_000
AT_ONCE = 2_000
# A line that was silent so long is asked whether it is still there.
SILENCE = 15.0
LONGEST_WAIT = 2.0

_log = logging.getLogger(__name__)


class Teller(Protocol):
    def send(self, frames: list[str]) -> None: ...
    def close(self) -> None: ...


class Listener(Protocol):
    def receive(self, timeout: float) -> list[str]:
        """What has arrived, after at most `timeout` seconds; raises when the line is dead."""
        ...

    def close(self) -> None: ...


class Way(Protocol):
    """NOTIFY or Redis. `lost` are the errors of a line that is cut or a server that is away."""

    name: str
    limit: int
    lost: tuple[type[Exception], ...]

    def teller(self) -> Teller: ...
    def listener(self) -> Listener: ...


class Link:
    def __init__(self, way: Way, *, heard: Callable[[str, Message], None]) -> None:
        self._way = way
        self._heard = heard
        self._origin = uuid.uuid4().hex[:16]
        self._assembler = Assembler(self._origin)
        self._queue: deque[bytes] = deque(maxlen=WAITING)
        self._overflowed = False
        self._news = threading.Event()
        self._closing = threading.Event()
        self._joined = threading.Event()
        self._threads = [
            threading.Thread(target=self._tell, name="bus-tell", daemon=True),
            threading.Thread(target=self._hear, name="bus-hear", daemon=True),
        ]

    def open(self, patience: float) -> None:
        for thread in self._threads:
            thread.start()
        self._joined.wait(patience)

    def put(self, topic: str, message: Message) -> None:
        encoded = encode(topic, message)
        if len(self._queue) == WAITING:
            self._overflowed = True
        self._queue.append(encoded)
        self._news.set()

    def close(self) -> None:
        self._closing.set()
        self._news.set()
        deadline = time.monotonic() + 2.0
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _tell(self) -> None:
        teller: Teller | None = None
        number = 0
        told_at = 0.0
        while not (self._closing.is_set() and not self._queue):
            self._news.wait()
            self._closing.wait(max(0.0, told_at + TOGETHER - time.monotonic()))
            self._news.clear()
            while batch := self._take():
                number += 1
                teller = self._send(teller, cut(self._origin, number, batch, self._way.limit))
                told_at = time.monotonic()
                if teller is None:
                    return  # we leave, and the way is cut
        # Our own listener wakes up, sees that we leave, and does not wait for its time to run out.
        _close(self._send(teller, [f"{self._origin}:0:0:1:[]"]))

    def _take(self) -> list[bytes]:
        batch = [self._queue.popleft() for _ in range(min(len(self._queue), AT_ONCE))]
        if self._overflowed:
            self._overflowed = False
            batch.insert(0, encode(*gap()))
        return batch

    def _send(self, teller: Teller | None, frames: list[str]) -> Teller | None:
        """Until it is sent. A frame that arrives twice, since the line was cut between, is known by its number."""
        failures = 0
        while True:
            try:
                teller = teller or self._way.teller()
                teller.send(frames)
            except self._way.lost as error:
                if not failures:
                    _log.warning("Other processes cannot be told by %s: %s.", self._way.name, type(error).__name__)
                _close(teller)
                teller = None
                if self._closing.wait(_pause(failures)):
                    return None
                failures += 1
            else:
                if failures:
                    _log.info("Other processes are told by %s again.", self._way.name)
                return teller

    def _hear(self) -> None:
        failures = 0
        while not self._closing.is_set():
            listener: Listener | None = None
            try:
                listener = self._way.listener()
                if failures or self._joined.is_set():
                    _log.info("Other processes are heard by %s again.", self._way.name)
                    self._heard(*gap())
                self._joined.set()
                failures = 0
                self._hear_by(listener)
            except self._way.lost as error:
                if not failures and not self._closing.is_set():
                    _log.warning("Other processes are not heard by %s: %s.", self._way.name, type(error).__name__)
                self._closing.wait(_pause(failures))
                failures += 1
            except Exception:
                _log.exception("The bus stumbled and goes on.")
                self._closing.wait(_pause(failures))
                failures += 1
            finally:
                _close(listener)

    def _hear_by(self, listener: Listener) -> None:
        self._assembler.resume()
        while not self._closing.is_set():
            for frame in listener.receive(SILENCE):
                for topic, message in self._assembler.take(frame):
                    self._heard(topic, message)


def _pause(failures: int) -> float:
    return min(LONGEST_WAIT, 0.05 * (1 << min(failures, 10)))


def _close(line: Teller | Listener | None) -> None:
    if line is not None:
        try:
            line.close()
        except Exception:
            _log.debug("A broken line could not be closed.", exc_info=True)
