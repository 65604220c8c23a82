"""Pages of conversations and messages: what was asked for, and the answer; the same at both doors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from careline.accounts.actor import Actor
from careline.api import cursors, drawing, reading, shapes
from careline.kit.refusals import Refused
from careline.service.conversations.hot.shapes import ListRow, ThreadRow

VIEWS = ("all", "mine", "unassigned")
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


def conversations_wanted(actor: Actor, query: Mapping[str, str]) -> ConversationsWanted:
    actor.must("conversations.view")
    limit, cursor = reading.page(query)
    view = reading.choice(query, "view", VIEWS, "all")
    state = reading.choice(query, "state", STATES, "open")
    if view == "unassigned" and state != "open":
        raise Refused("Only open conversations are listed as unassigned.", field="state")
    before = cursors.time_and_number("c", cursor) if cursor else None
    return ConversationsWanted(view, state, limit, before)


def conversations_told(rows: list[ListRow], limit: int) -> bytes:
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        following = cursors.of_time("c", rows[-1].active_at, rows[-1].id)
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
