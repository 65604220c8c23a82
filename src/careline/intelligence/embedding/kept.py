"""What is large and seldom asked: loaded when first asked, let go when nobody asked for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")
IDLE = 15 * 60.0


class Kept(Generic[T]):
    """Any thread may ask; where it works `alone`, one after another."""

    def __init__(self, load: Callable[[], T], idle: float = IDLE, *, alone: bool = False) -> None:
        self.load, self.idle = load, idle
        self._lock = threading.Lock()
        self._turn = threading.Lock() if alone else None
        self._loaded: T | None = None
        self._asked = 0.0

    @property
    def is_loaded(self) -> bool:
        return self._loaded is not None

    @contextmanager
    def using(self) -> Iterator[T]:
        if self._turn is None:
            yield self.ready()
            return
        with self._turn:
            yield self.ready()

    def ready(self) -> T:
        self._asked = time.monotonic()
        if (loaded := self._loaded) is not None:
            return loaded
        with self._lock:
            if self._loaded is None:
                self._loaded = self.load()
                self._look_again(self.idle)
            return self._loaded

    def _look_again(self, seconds: float) -> None:
        timer = threading.Timer(seconds, self._let_go)
        timer.daemon = True
        timer.start()

    def _let_go(self) -> None:
        with self._lock:
            left = self._asked + self.idle - time.monotonic()
            if left > 0:
                self._look_again(left)
            else:
                self._loaded = None
