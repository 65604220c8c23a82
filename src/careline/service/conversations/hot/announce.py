"""What the other windows are told after a change: the few facts from which a socket draws the rest."""

from __future__ import annotations

from typing import Any

from careline.kit import bus
from careline.service.conversations.hot.shapes import Said

TOPIC = "conversation"


def change(
    *, conversation_id: int, inbox_id: int, person_id: int, seq: int, shared_seq: int | None = None, lines: int = 1
) -> dict[str, Any]:
    """`lines` messages up to and including `seq` are new; `shared_seq` is given when the customer sees the last one."""
    return {
        "id": conversation_id,
        "inbox": inbox_id,
        "person": person_id,
        "seq": seq,
        "shared": shared_seq,
        "lines": lines,
    }


def after_commit(message: dict[str, Any]) -> None:
    bus.after_commit(TOPIC, message)
    bus.after_commit("touchpoints", {})


def now(message: dict[str, Any]) -> None:
    bus.publish(TOPIC, message)
    bus.publish("touchpoints", {})


def said(it: Said) -> dict[str, Any]:
    return change(
        conversation_id=it.conversation_id,
        inbox_id=it.inbox_id,
        person_id=it.person_id,
        seq=it.seq,
        shared_seq=it.shared_seq,
        lines=1 + it.reopened,
    )
