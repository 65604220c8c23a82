"""Reactions to the line: each subscriber has a durable cursor, and its effects and its cursor are committed together.

A touchpoint is delivered once every transaction that began before its own has ended (`xid < pg_snapshot_xmin`), so a
late commit is never passed over. Within one transaction the order is that of writing; transactions follow in the order
of their ids.
"""

from careline.touchpoints.subscribers.registry import Subscriber, on, registered
from careline.touchpoints.subscribers.rounds import advance, advance_all, enroll, retry_parked
from careline.touchpoints.subscribers.settling import settle
from careline.touchpoints.subscribers.worker import run

__all__ = [
    "Subscriber", "advance", "advance_all", "enroll", "on", "registered", "retry_parked", "run", "settle",
]  # fmt: skip
