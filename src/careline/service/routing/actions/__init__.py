"""Verbs of routing; each is one transaction: lock, rule, record, return."""

from careline.service.routing.actions.answering import accept, refuse
from careline.service.routing.actions.being_there import heard_from, set_status
from careline.service.routing.actions.knowing import drop_skill, keep_capacity, keep_skill, keep_skills_of
from careline.service.routing.actions.queueing import Ruling, drop_queue, keep_queue, order_queues
from careline.service.routing.actions.settling import drop_reason, keep_policy, keep_reason
from careline.service.routing.actions.sweeping import sweep

__all__ = [
    "Ruling", "accept", "drop_queue", "drop_reason", "drop_skill", "heard_from", "keep_capacity", "keep_policy",
    "keep_queue", "keep_reason", "keep_skill", "keep_skills_of", "order_queues", "refuse", "set_status", "sweep",
]  # fmt: skip
