"""What a bot's words bring beside them, as the chat shows it: buttons that say something, and articles."""

from __future__ import annotations

from typing import Any

import msgspec

from careline.service.conversations.hot.shapes import Offered, ThreadRow
from careline.web import kept

_offered = msgspec.json.Decoder(Offered)


def frame(row: ThreadRow) -> dict[str, Any]:
    """`bot` says to other programs who spoke, `choices` what can be said next; `leaves`: a person has it from here."""
    offered = _offered.decode(row.event) if row.event else Offered()
    return {
        "bot": True, "choices": list(offered.choices), "sources": msgspec.to_builtins(offered.sources),
        "leaves": offered.leaves, "offers": html(offered),
    }  # fmt: skip


def html(offered: Offered) -> str:
    if not offered.choices and not offered.sources:
        return ""
    return str(kept.macro("chat/_offers.html", "offers", kept.spoken())(offered))
