"""What was written, as it is read: the columns of a touchpoint in their order, and the value made of them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import msgspec

# The order of `actions.row`, of COPY and of every statement of another room that writes touchpoints itself.
COLUMNS = (
    "id", "kind", "version", "person_id", "agent_id", "inbox_id", "actor_kind", "actor_id", "source", "journey",
    "occurred_at", "recorded_at", "facts",
)  # fmt: skip
# As a statement asks for them: facts stay text until somebody needs them.
READ = tuple(f"{name}::text" if name == "facts" else name for name in COLUMNS)
INTO = f"touchpoints_touchpoint ({', '.join(COLUMNS)})"


class Moment(msgspec.Struct, frozen=True):
    """One touchpoint of the line."""

    id: uuid.UUID
    kind: str
    version: int
    person_id: int | None
    agent_id: int | None
    inbox_id: int | None
    actor_kind: str
    actor_id: int | None
    source: str
    journey: str | None
    occurred_at: datetime
    recorded_at: datetime
    facts: dict[str, Any]

    @property
    def conversation_id(self) -> int | None:
        """The conversation it is about, if it is about one."""
        found = self.facts.get("conversation")
        return found if isinstance(found, int) else None


class Written(msgspec.Struct, frozen=True):
    """The same as the driver gives it: facts are still text."""

    id: uuid.UUID
    kind: str
    version: int
    person_id: int | None
    agent_id: int | None
    inbox_id: int | None
    actor_kind: str
    actor_id: int | None
    source: str
    journey: str | None
    occurred_at: datetime
    recorded_at: datetime
    facts: str

    def moment(self) -> Moment:
        return Moment(
            self.id, self.kind, self.version, self.person_id, self.agent_id, self.inbox_id, self.actor_kind,
            self.actor_id, self.source, self.journey, self.occurred_at, self.recorded_at,
            msgspec.json.decode(self.facts),
        )  # fmt: skip
