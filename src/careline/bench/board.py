"""`bench board`: what two hundred windows on the live board cost while fifty things happen each second.

The same words come in with the same conversations waiting, once with nobody at the board and once with all of them:
what the web process and the database use more is the board's. Each window reads what it is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import psycopg
import websockets

from careline.bench import house as houses
from careline.bench import load, usage
from careline.bench.house import House

SOCKETS, EVENTS_PER_S, SECONDS, QUEUES = 200, 50, 20, 6
_QUEUES = """INSERT INTO routing_queue (name, position) SELECT 'Queue ' || n, n
FROM generate_series(1, %(queues)s::int) n"""
_WAITING = """INSERT INTO routing_waiting (conversation_id, queue_id, need, rank, since, entered, inbox_id, channel,
  priority, language, not_by, step, went_over, offered)
SELECT c.id, q.id, '{}', now(), now() - c.id %% 600 * interval '1 second', now(), c.inbox_id, c.channel, 0, '', '{}', 0,
  false, false
FROM conversations_conversation c JOIN routing_queue q ON q.position = 1 + c.id %% %(queues)s::int
WHERE c.id IN (SELECT id FROM conversations_conversation ORDER BY id LIMIT 300)"""


class Heard(msgspec.Struct):
    """`told` is of the first window: as of when each push was, and when it came."""

    frames: int = 0
    bytes: int = 0
    told: list[tuple[float, float]] = []


class Round(msgspec.Struct):
    """`late` says how many seconds after it each event was told."""

    cpu_ms: float
    took_s: float
    frames: int
    bytes: int
    late: list[float]


class Board(msgspec.Struct):
    type: str
    at: datetime


def measure(house: House, told: Callable[[str], None]) -> dict[str, Any]:
    with psycopg.connect(house.dsn, autocommit=True, cursor_factory=psycopg.ClientCursor) as conn:
        for statement in (_QUEUES, _WAITING):
            conn.execute(statement, {"queues": QUEUES})
    with houses.serving(house):
        asyncio.run(_round(house, 0))
        alone = asyncio.run(_round(house, 0))
        told(f"{SOCKETS} windows come to the board")
        watched = asyncio.run(_round(house, SOCKETS))
    # The events cost the same watched or not; what is more was spent in the time they took.
    share = max(0.0, watched.cpu_ms - alone.cpu_ms) / (watched.took_s * 1000)
    late = sorted(watched.late)
    return {
        "metrics": {
            "core_share": share, "told_p95_s": late[int(len(late) * 0.95)], "told_median_s": late[len(late) // 2],
            "frames_per_s": watched.frames / SOCKETS / watched.took_s,
            "bytes_per_frame": watched.bytes / max(1, watched.frames), "sockets": SOCKETS,
            "events_per_s": EVENTS_PER_S * SECONDS / watched.took_s,
        },
        "baseline": {"core_share_limit": 0.10, "unwatched_core_share": alone.cpu_ms / (alone.took_s * 1000)},
        "ratios": {"vs_limit": share / 0.10},
    }  # fmt: skip


async def _round(house: House, sockets: int) -> Round:
    """What server and database spent for all that happened, and what the windows heard."""
    heard = Heard()
    windows = [asyncio.create_task(_window(house, heard, is_first=n == 0)) for n in range(sockets)]
    while heard.frames < sockets:
        for one in windows:
            if one.done():
                one.result()
        await asyncio.sleep(0.1)
    heard.frames = heard.bytes = 0
    before, began = house.cpu(), time.perf_counter()
    events = await _happen(house)
    after, took = house.cpu(), time.perf_counter() - began
    spent = sum(usage.spent(*both) for both in zip(before, after, strict=True))
    found = Round(spent, took, heard.frames, heard.bytes, [])
    async with asyncio.timeout(60):
        while sockets and heard.told[-1][0] < events[-1]:
            await asyncio.sleep(0.1)
    if sockets:
        found.late = [next(came for at, came in heard.told if at >= event) - event for event in events]
    for one in windows:
        one.cancel()
    await asyncio.gather(*windows, return_exceptions=True)
    return found


_board = msgspec.json.Decoder(Board)


async def _window(house: House, heard: Heard, *, is_first: bool) -> None:
    headers = {"Authorization": f"Bearer {house.token}"}
    address = f"ws://127.0.0.1:{house.port}/ws/agent"
    async with websockets.connect(address, additional_headers=headers, proxy=None, max_size=None) as socket:
        await socket.send('{"type":"watch","board":true}')
        async for frame in socket:
            if '"type":"board"' in str(frame[:40]):
                heard.frames += 1
                heard.bytes += len(frame)
                if is_first:
                    heard.told.append((_board.decode(frame).at.timestamp(), time.time()))


async def _happen(house: House) -> list[float]:
    """So many each second, by the clock, whether or not the last was answered at once; when each was done."""
    done = []
    bearer = {"Authorization": f"Bearer {house.token}", "Content-Type": "application/json"}
    body = msgspec.json.encode({"body": "Where is my parcel?", "kind": "note"})
    asked = load.request("POST", f"/api/v1/conversations/{house.first}/messages", bearer, body)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    with contextlib.closing(writer):
        began = time.perf_counter()
        with psycopg.connect(house.dsn, autocommit=True) as conn:
            for n in range(EVENTS_PER_S * SECONDS):
                await asyncio.sleep(max(0.0, began + n / EVENTS_PER_S - time.perf_counter()))
                # Somebody else waits a little longer or shorter: each look finds something new to tell.
                conn.execute(
                    "UPDATE routing_waiting SET since = now() WHERE conversation_id = ("
                    "SELECT conversation_id FROM routing_waiting ORDER BY since LIMIT 1)"
                )
                writer.write(asked)
                status, _size = await load.answered(reader)
                if status != 201:
                    raise RuntimeError(f"an event was answered with {status}")
                done.append(time.time())
    return done
