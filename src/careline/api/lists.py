"""Pages of conversations, messages and moments: what was asked for, and the answer; the same at both doors."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from careline.accounts.actor import Actor
from careline.api import cursors, drawing, reading, shapes
from careline.kit import text
from careline.kit.refusals import Refused
from careline.service.conversations.hot import doors
from careline.service.conversations.hot.shapes import ListRow, ThreadRow
from careline.touchpoints.kinds import KINDS
from careline.touchpoints.moments import Moment
from careline.touchpoints.queries import Position

VIEWS = ("all", "mine", "unassigned", "followed", "promised", "risk")
STATES = ("open", "snoozed", "resolved", "spam", "trash")


class ConversationsWanted(NamedTuple):
    view: str
    state: str
    limit: int
    before: tuple[datetime, int] | None

    def given(self) -> dict[str, Any]:
        """One more than is told, to know whether anything follows."""
        return {"view": self.view, "state": self.state, "limit": self.limit + 1, "before": self.before}


class MessagesWanted(NamedTuple):
    limit: int
    after: int


class MomentsWanted(NamedTuple):
    limit: int
    before: Position | None
    kinds: list[str]
    channel: str
    journey: str

    def given(self) -> dict[str, Any]:
        return {**self._asdict(), "limit": self.limit + 1}


def conversations_wanted(actor: Actor, query: Mapping[str, str]) -> ConversationsWanted:
    actor.must("conversations.view")
    limit, cursor = reading.page(query)
    view = reading.choice(query, "view", VIEWS, "all")
    state = reading.choice(query, "state", STATES, "open")
    if view in ("unassigned", *doors.BY_DEADLINE) and state != "open":
        raise Refused("Only open conversations are listed in this view.", field="state")
    before = cursors.time_and_number("c", cursor) if cursor else None
    return ConversationsWanted(view, state, limit, before)


def conversations_told(rows: list[ListRow], limit: int, view: str = "all") -> bytes:
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        following = cursors.of_time("c", *doors.place(rows[-1], view))
    return drawing.encode(shapes.Conversations([drawing.conversation(row) for row in rows], following))


def messages_wanted(query: Mapping[str, str]) -> MessagesWanted:
    limit, cursor = reading.page(query)
    return MessagesWanted(limit, cursors.number("m", cursor, below=2**31) if cursor else 0)


def messages_told(rows: list[ThreadRow], limit: int) -> bytes:
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        following = cursors.of_number("m", rows[-1].seq)
    return drawing.encode(shapes.Messages([drawing.message(row) for row in rows], following))


def moments_wanted(query: Mapping[str, str]) -> MomentsWanted:
    limit, cursor = reading.page(query)
    before = cursors.time_and_uuid("l", cursor) if cursor else _until(query.get("until", ""))
    kinds = [kind for kind in query.get("kind", "").split(",") if kind]
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise Refused(f"There is no kind of touchpoint {unknown[0][:60]}.", field="kind")
    channel = text.clean(query.get("channel", ""), field="channel", limit=40)
    journey = text.clean(query.get("journey", ""), field="journey", limit=300)
    return MomentsWanted(limit, before, kinds, channel, journey)


def moments_told(rows: list[Moment], limit: int) -> bytes:
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        following = cursors.of_time("l", rows[-1].occurred_at, rows[-1].id)
    return drawing.encode(shapes.Touchpoints([drawing.touchpoint(row) for row in rows], following))


def _until(written: str) -> Position | None:
    """The place behind every moment of that instant."""
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
        if at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC), uuid.UUID(int=2**128 - 1)
    except (ValueError, OverflowError):
        raise Refused("until is a moment with its zone, such as 2026-05-01T09:00:00Z.", field="until") from None
