"""For whom articles are, and who reads which."""

from __future__ import annotations

from careline.accounts.actor import Actor

PUBLIC, CUSTOMERS, AGENTS = "public", "customers", "agents"
AUDIENCES = (PUBLIC, CUSTOMERS, AGENTS)
# Whoever nobody knows.
STRANGER = Actor(kind="customer", id=None, name="")


def audiences(actor: Actor) -> list[str]:
    """For whom the articles are that an actor reads: a stranger, a customer who signed in, somebody of the house."""
    if actor.may("knowledge.view"):
        return [PUBLIC, CUSTOMERS, AGENTS]
    if actor.kind == "customer" and actor.id is not None:
        return [PUBLIC, CUSTOMERS]
    return [PUBLIC]
