"""UUIDs of version 7 (RFC 9562): sorted by time, and strictly rising within a process."""

import os
import threading
import time
from uuid import UUID

_COUNTER_BITS = 42
_lock = threading.Lock()
_last_ms = 0
_counter = 0


def uuid7() -> UUID:
    """48 bits of milliseconds, a counter of 42 bits that rises within the millisecond, 32 random bits."""
    fresh = int.from_bytes(os.urandom(10))
    ms, counter = _reserved(1, fresh >> 32)
    return UUID(int=_written(ms, counter) | (fresh & 0xFFFF_FFFF))


def many(count: int) -> list[str]:
    """So many, rising, in hexadecimal digits: for rows by the hundred, where an object each would cost too much."""
    fresh = os.urandom(4 * count + 6).hex()
    ms, counter = _reserved(count, int(fresh[8 * count :], 16))
    return [f"{_written(ms, counter + n) >> 32:024x}{fresh[8 * n : 8 * n + 8]}" for n in range(count)]


def _reserved(count: int, fresh: int) -> tuple[int, int]:
    """A millisecond, and the first of so many counts within it."""
    global _last_ms, _counter
    ms = time.time_ns() // 1_000_000
    with _lock:
        if ms > _last_ms:
            # The top bit starts at 0, so that the counter has room to rise.
            _last_ms, _counter = ms, fresh & ((1 << (_COUNTER_BITS - 1)) - 1)
        else:  # the same millisecond, or a clock that was set back
            _counter += 1
        if (_counter + count - 1) >> _COUNTER_BITS:
            _last_ms, _counter = _last_ms + 1, 0
        first = _counter
        _counter += count - 1
        return _last_ms, first


def _written(ms: int, counter: int) -> int:
    value = (ms & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | (counter >> 30) << 64
    return value | 0b10 << 62 | (counter & 0x3FFF_FFFF) << 32
