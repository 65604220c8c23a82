"""Asking the language model whether it is there."""

from __future__ import annotations

from careline.accounts.actor import Actor
from careline.intelligence import port
from careline.intelligence.port import Outcome

PATIENCE = 10.0


def knock(*, actor: Actor) -> Outcome[str]:
    """One short question that says nothing about anybody; it counts like any other."""
    actor.must("organization.manage")
    return port.ask("knock", "Answer with one short sentence.", "Are you there?", shape=str, patience=PATIENCE)
