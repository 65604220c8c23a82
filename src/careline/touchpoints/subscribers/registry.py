"""Who listens to what."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from careline.touchpoints.kinds import KINDS
from careline.touchpoints.moments import Moment

React = Callable[[Sequence[Moment]], None]


class Subscriber(msgspec.Struct, frozen=True):
    name: str
    kinds: frozenset[str]
    react: React
    # False: a new subscriber begins at the end of the line. True: it is told the whole history.
    from_start: bool = False


_subscribers: dict[str, Subscriber] = {}


def on(*kinds: str, name: str | None = None, from_start: bool = False) -> Callable[[React], React]:
    """Subscribe a function to kinds of touchpoint; it is given up to 500 of them in a transaction.

    It must not commit, and must not wait for anything outside the database. Its cursor is kept by `name`: a subscriber
    that moves to another module keeps its place when it keeps its name.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"there is no touchpoint of the kind {kind}")

    def subscribe(react: React) -> React:
        called = name or f"{react.__module__.removeprefix('careline.').removesuffix('.reactions')}.{react.__name__}"
        if called in _subscribers:
            raise ValueError(f"two subscribers are called {called}")
        _subscribers[called] = Subscriber(called, frozenset(kinds), react, from_start)
        return react

    return subscribe


def registered() -> tuple[Subscriber, ...]:
    return tuple(_subscribers.values())


def forget(name: str) -> None:
    """Take a subscriber out of this process; its cursor stays."""
    _subscribers.pop(name, None)
