"""Verbs of the room; each that is pressed is one transaction: lock, rule, record, return."""

from careline.service.recovery.actions.measuring import measure_due
from careline.service.recovery.actions.opening import begin, take_up
from careline.service.recovery.actions.ruling import Ruling, allow, drop_rule, keep_rule
from careline.service.recovery.actions.timing import escalate_due
from careline.service.recovery.actions.working import close, give, let_go, step

__all__ = [
    "Ruling", "allow", "begin", "close", "drop_rule", "escalate_due", "give", "keep_rule", "let_go", "measure_due",
    "step", "take_up",
]  # fmt: skip
