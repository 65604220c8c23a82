"""Promises and waits in queues, in slow and plain Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
# When, which, whose; whether it is known, what it says, its score, and by what it may be narrowed.
Found = tuple[Any, Any, int, bool, bool, None, Row]
MET, BROKEN = "promise.met", "promise.broken"


def cases(world: Any, name: str) -> list[Found]:
    """Every case of a metric that NAMES holds; what was put away as spam was nobody's wait."""
    if name == "promises_kept":
        told = (one for one in world.moments if one.kind in (MET, BROKEN) and one.talk)
        return [(o.at, o.id, world.owner(o), True, o.kind == MET, None, {"inbox": o.inbox}) for o in told]
    among, value = WAITS[name]
    rows = [(one, row) for one, row in _waits(world) if among(row)]
    return [(one.at, one.id, world.owner(one), True, value(row), None, row) for one, row in rows]


def _waits(world: Any) -> list[tuple[Any, Row]]:
    channels = {(one["customer"], one["talk"]): one["channel"] for one in world.talks}
    ended = [(one, (world.owner(one), one.talk)) for one in world.moments if one.kind == "queue.left"]
    return [
        (one, {"inbox": one.inbox, "channel": channels[whose], "queue": one.queue, "how": one.place,
               "waited": one.score, "target": one.scale})
        for one, whose in ended if whose in channels
    ]  # fmt: skip


def _in_time(row: Row) -> bool:
    return bool(row["how"] == "taken" and row["waited"] <= row["target"])


def _missed(row: Row) -> bool:
    return bool(row["how"] == "given_up" and row["waited"] > row["target"])


# Of a metric: which waits it is about, and which of them it counts.
WAITS: dict[str, tuple[Callable[[Row], bool], Callable[[Row], bool]]] = {
    "service_level": (lambda row: row["how"] == "taken" or _missed(row), _in_time),
    "service_level_strict": (lambda row: row["how"] != "elsewhere", _in_time),
    "abandonment": (
        lambda row: row["how"] == "taken" or (row["how"] == "given_up" and row["waited"] >= 5),
        lambda row: row["how"] == "given_up",
    ),
}
NAMES = {"promises_kept", *WAITS}
