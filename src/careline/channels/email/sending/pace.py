"""How fast a mailbox sends: providers close mailboxes that send as programs do."""

from __future__ import annotations

import threading
from collections import deque


class Pace:
    """At most `many` in `seconds`, counted over the last `seconds` of each mailbox, within this process."""

    def __init__(self, many: int = 60, seconds: float = 60.0) -> None:
        self.many, self.seconds = many, seconds
        self._sent: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, mailbox: str, now: float, many: int | None = None) -> float:
        """0, and this one is counted; else how many seconds to wait, and nothing is counted."""
        with self._lock:
            if len(self._sent) > 10_000:
                self._forget(now)
            sent = self._sent.setdefault(mailbox, deque())
            while sent and now - sent[0] >= self.seconds:
                sent.popleft()
            most = self.many if many is None else many
            if len(sent) >= most:
                return self.seconds - (now - sent[len(sent) - most])
            sent.append(now)
            return 0.0

    def _forget(self, now: float) -> None:
        quiet = [key for key, sent in self._sent.items() if not sent or now - sent[-1] >= self.seconds]
        for key in quiet:
            del self._sent[key]
