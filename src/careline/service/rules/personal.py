"""What this room holds names nobody: numbers of conversations alone, and the house's own words."""

from __future__ import annotations

from careline.kit import personal


def register() -> None:
    personal.exempt("rules.Rule", "The house's rules; they name no customer.")
    personal.exempt("rules.Version", "What a rule was before; it names no customer.")
    personal.exempt("rules.Firing", "It says which rule ran in which conversation, by number, and not about what.")
    personal.exempt("rules.Pause", "The number of a conversation a rule goes on in, and when.")
