"""How much of an agent a conversation takes, by its channel: a chat costs less than a call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from careline.channels import adapter

CALL, TALK, LETTER = 6, 2, 1
_CALLS = ("voice", "phone")
# In a chat the next word may come at any moment: it weighs for so long after the last one, whoever said it.
WARM = timedelta(minutes=10)


def default(channel: str) -> int:
    if channel in _CALLS:
        return CALL
    return TALK if channel in lively() else LETTER


def table(given: Mapping[str, int]) -> dict[str, int]:
    """Of every channel there is."""
    return {channel: int(given.get(channel) or default(channel)) for channel in adapter.adapters()}


def lively() -> list[str]:
    """Channels whose talk goes on at once when the customer writes."""
    return [name for name, one in adapter.adapters().items() if not one.capabilities.letters and name != "api"]
