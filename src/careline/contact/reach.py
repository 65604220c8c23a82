"""By which identities each channel reaches a person, and how; the channels enter themselves here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

# What leaves by mail alone fails where mail comes back.
BY_MAIL = frozenset({"email"})
# The purpose of the one automatic word that their own message came in.
ACKNOWLEDGEMENT = "acknowledgement"
# The purpose of a link somebody asks for, to come in by: it is what they wait for, whatever else they want of us.
SIGN_IN = "sign-in"
# Asked for by whoever gets it; no limit counts it, no quiet hour keeps it back.
ASKED_FOR = (ACKNOWLEDGEMENT, SIGN_IN)


class Way(msgspec.Struct, frozen=True):
    kinds: frozenset[str] = frozenset()
    # Whether it calls somebody who is not looking: at night that is a disturbance.
    rings: bool = True
    # What the channel is called, in the reader's language.
    label: Callable[[], str] | None = None


_NO_WAY = Way()
_ways: dict[str, Way] = {}


def register(
    channel: str, identity_kinds: Iterable[str], *, rings: bool = True, label: Callable[[], str] | None = None
) -> None:
    _ways[channel] = Way(frozenset(identity_kinds), rings, label)


def kinds_of(channel: str) -> frozenset[str]:
    """Nothing for a channel that does not exist: then nobody is reached by it."""
    return _ways.get(channel, _NO_WAY).kinds


def rings(channel: str) -> bool:
    return _ways.get(channel, _NO_WAY).rings


def channels() -> list[str]:
    return sorted(_ways)


def word(channel: str) -> str:
    """What the channel is called; one that is not there any more by the name it had."""
    label = _ways.get(channel, _NO_WAY).label
    return label() if label else channel
