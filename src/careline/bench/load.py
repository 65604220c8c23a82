"""Keep-alive HTTP clients in a closed loop: each sends its next request when the former was answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

# The whole request as bytes, for the nth one.
Request = Callable[[int], bytes]


class Figures(NamedTuple):
    requests: int
    errors: int
    seconds: float
    p50_ms: float
    p95_ms: float
    answered_bytes: int


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def answered(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Status and length of the body of one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lowered = head.lower()
    at = lowered.find(b"content-length:")
    if at >= 0:
        size = int(lowered[at + 15 : lowered.index(b"\r\n", at)])
        if size:
            await reader.readexactly(size)
        return status, size
    size = 0
    while b"transfer-encoding: chunked" in lowered:
        length = int(await reader.readline(), 16)
        await reader.readexactly(length + 2)
        size += length
        if not length:
            break
    return status, size


async def _run(port: int, make: Request, count: int, clients: int, expected: int) -> Figures:
    waits: list[float] = []
    errors = sizes = 0
    left = iter(range(count))

    async def client() -> None:
        nonlocal errors, sizes
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for n in left:
            began = time.perf_counter()
            writer.write(make(n))
            status, size = await answered(reader)
            if status == expected:
                waits.append((time.perf_counter() - began) * 1000)
                sizes += size
            else:
                errors += 1
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _n in range(clients)))
    seconds = time.perf_counter() - began
    waits.sort()

    def at(share: float) -> float:
        return waits[min(len(waits) - 1, int(share * len(waits)))] if waits else 0.0

    return Figures(len(waits), errors, seconds, at(0.5), at(0.95), sizes // max(1, len(waits)))


def drive(port: int, make: Request, *, count: int, clients: int = 8, expected: int = 200) -> Figures:
    return asyncio.run(_run(port, make, count, clients, expected))
