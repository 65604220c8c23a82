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
    global _last_ms, _counter
    fresh = int.from_bytes(os.urandom(10))
    ms = time.time_ns() // 1_000_000
    with _lock:
        if ms > _last_ms:
            # The top bit starts at 0, so that the counter has room to rise.
            _last_ms, _counter = ms, (fresh >> 32) & ((1 << (_COUNTER_BITS - 1)) - 1)
        else:  # the same millisecond, or a clock that was set back
            _counter += 1
            if _counter >> _COUNTER_BITS:
                _last_ms, _counter = _last_ms + 1, 0
        ms, counter = _last_ms, _counter
    value = (ms & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76 | (counter >> 30) << 64
    value |= 0b10 << 62 | (counter & 0x3FFF_FFFF) << 32
    value |= fresh & 0xFFFF_FFFF
    return UUID(int=value)
