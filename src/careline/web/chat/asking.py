"""What we ask a visitor, as their chat shows it: buttons where a tap answers it, until it is answered."""

from __future__ import annotations

from typing import Any

import msgspec

from careline.channels.expecting import Expects
from careline.service.conversations.hot.shapes import ThreadRow
from careline.web import kept
from careline.web.desk import drawn


class _Answer(msgspec.Struct):
    value: str = ""


class _Event(msgspec.Struct):
    expects: Expects | None = None
    answer: _Answer | None = None


_event = msgspec.json.Decoder(_Event)


def frame(row: ThreadRow) -> dict[str, Any]:
    """As a message. `asks` says to other programs what can be tapped; nothing once it is answered."""
    event = _event.decode(row.event or "{}")
    asks = event.expects if event.answer is None else None
    at = drawn.written(row.occurred_at)
    return {
        "id": str(row.id), "client_id": None, "kind": "asked", "author": "", "body": row.body, "at": at,
        "asks": None if asks is None else shown(asks), "html": html(row, event, at),
    }  # fmt: skip


def shown(asks: Expects) -> dict[str, Any]:
    return {
        "choices": [msgspec.to_builtins(one) for one in asks.choices], "low": asks.low, "high": asks.high,
        "words": asks.words, "link": asks.link,
    }  # fmt: skip


def html(row: ThreadRow, event: _Event, at: str) -> str:
    draw = kept.macro("chat/_asked.html", "asked", kept.spoken())
    return str(draw(row, event.expects, event.answer, at))
