"""What this room holds names nobody: the house's own flows, and talks somebody made up to test them."""

from __future__ import annotations

from careline.kit import personal


def register() -> None:
    personal.exempt("bots.Bot", "A flow of the house; it names no customer.")
    personal.exempt("bots.Version", "What a flow was; it names no customer.")
    personal.exempt(
        "bots.Rehearsal", "A talk written by the house to test a flow; none of a customer's is copied here."
    )
