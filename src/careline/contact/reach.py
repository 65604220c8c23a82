"""By which identities each channel reaches a person; the channels enter themselves here."""

from __future__ import annotations

from collections.abc import Iterable

# What leaves by mail alone fails where mail comes back.
BY_MAIL = frozenset({"email"})
# The purpose of the one automatic word that their own message came in.
ACKNOWLEDGEMENT = "acknowledgement"
_reach: dict[str, frozenset[str]] = {}


def register(channel: str, identity_kinds: Iterable[str]) -> None:
    _reach[channel] = frozenset(identity_kinds)


def kinds_of(channel: str) -> frozenset[str]:
    """Nothing for a channel that does not exist: then nobody is reached by it."""
    return _reach.get(channel, frozenset())
