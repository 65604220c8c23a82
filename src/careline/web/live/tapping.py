"""A visitor taps an answer to what we asked in their thread."""

from __future__ import annotations

import asyncio
from typing import Protocol
from uuid import UUID

import msgspec

from careline.accounts.actor import Actor
from careline.kit import pool
from careline.service.conversations.hot import doors, read
from careline.service.conversations.hot.shapes import ThreadRow
from careline.web.live.wire import Socket


class Tap(msgspec.Struct):
    """Which question of ours, and what was chosen."""

    client_id: str
    message: UUID
    value: str


class Visitor(Protocol):
    socket: Socket
    inbox_id: int
    ids: tuple[int, ...]
    telling: asyncio.Lock

    def actor(self) -> Actor: ...
    def push(self, row: ThreadRow) -> None: ...
    async def show(self) -> None: ...


async def answer(visitor: Visitor, tap: Tap) -> None:
    """Answered once: a second tap, in another window perhaps, changes nothing and is shown what stands there."""
    async with pool.connection() as conn, conn.transaction():
        said = await doors.answered(
            conn, tap.message, visitor.ids, actor=visitor.actor(), value=tap.value, client_id=tap.client_id
        )
    if said is not None:
        doors.tell(said)
    async with visitor.telling:
        await visitor.show()
        async with pool.connection() as conn:
            asked = await read.ASKED_OF.aone(
                conn, message=tap.message, inbox=visitor.inbox_id, people=list(visitor.ids)
            )
        if asked is not None:
            visitor.push(asked)
    visitor.socket.tell(type="ack", client_id=tap.client_id, id=str(said.message_id if said else tap.message))
