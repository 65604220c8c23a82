"""Who is there: what agents say of themselves, and what their windows say when they say nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from careline import touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.kit import bus
from careline.kit.statement import Statement
from careline.service.routing import offering
from careline.service.routing.models import Presence, StatusReason

# No window of theirs has said anything for so long: the line is lost.
LOST = timedelta(minutes=2)
TOPIC = "presence"
By = Literal["themselves", "colleague", "silence", "stirring"]


class Beaten(msgspec.Struct, frozen=True):
    status: str
    returns_to: str


# A window says that it is open, and whether somebody has touched it; who never chose a status has no row.
BEAT = Statement(
    """UPDATE routing_presence SET seen_at = %(now)s::timestamptz,
  active_at = CASE WHEN %(active)s::bool THEN %(now)s::timestamptz ELSE active_at END
WHERE agent_id = %(agent)s::bigint RETURNING status, returns_to""",
    Beaten,
)


def changed(
    held: Presence, status: str, *, actor: Actor, by: By, at: datetime, reason: StatusReason | None = None
) -> None:
    """Written, told on the line, and the matcher looks again."""
    before = held.status
    held.returns_to = before if by == "silence" else ""
    held.status, held.reason = status, reason
    held.since = at
    held.save()
    touchpoints.record(
        "agent.status-changed", agent=held.agent_id, actor=actor, source=f"agent:{held.agent_id}", occurred_at=at,
        status=status, before=before, reason=reason.name if reason else "", by=by,
    )  # fmt: skip
    bus.after_commit(TOPIC, {"agents": [held.agent_id]})
    offering.wake()


def fell_silent(agent_id: int, *, at: datetime) -> None:
    held = Presence.objects.select_for_update().filter(agent=agent_id, status__in=["ready", "busy"]).first()
    if held is not None:
        changed(held, "away", actor=SYSTEM, by="silence", at=at)


def silence_due(silence: timedelta, *, at: datetime, limit: int = 200) -> int:
    """Whose windows are gone, or untouched for too long."""
    there = Presence.objects.filter(status__in=["ready", "busy"])
    late = there.filter(seen_at__lte=at - LOST) | there.filter(active_at__lte=at - silence)
    found = list(late.order_by("pk").select_for_update(skip_locked=True)[:limit])
    for held in found:
        changed(held, "away", actor=SYSTEM, by="silence", at=at)
    return len(found)
