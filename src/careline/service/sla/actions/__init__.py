"""Verbs of the room: what the line does to promises, what time does, and what the house promises."""

from careline.service.sla.actions.clocking import SUBSCRIBER, hear, pass_due, replan, use
from careline.service.sla.actions.ruling import Ruling, drop_policy, keep_policy, order_policies

__all__ = [
    "SUBSCRIBER", "Ruling", "drop_policy", "hear", "keep_policy", "order_policies", "pass_due", "replan", "use",
]  # fmt: skip
