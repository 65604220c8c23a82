"""What this process has counted since it started. Everything here happens in the event loop's one thread."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# Seconds; the last bucket of a row is "longer".
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(slots=True)
class Latency:
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0


requests: Counter[tuple[str, str, int]] = Counter()
latencies: dict[str, Latency] = {}
sockets: Counter[str] = Counter()


def count_request(method: str, route: str, status: int, took: float) -> None:
    requests[method, route, status] += 1
    latency = latencies.get(route)
    if latency is None:
        latency = latencies[route] = Latency()
    latency.buckets[bisect_left(BUCKETS, took)] += 1
    latency.seconds += took


@contextmanager
def open_socket(route: str) -> Iterator[None]:
    sockets[route] += 1
    try:
        yield
    finally:
        sockets[route] -= 1
