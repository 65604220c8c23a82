"""What a model's words are held to before a machine says them; whoever keeps a house's voice registers it here."""

from __future__ import annotations

from collections.abc import Callable

_held: list[Callable[[str], bool]] = []


def hold_to(suits: Callable[[str], bool]) -> None:
    """`suits` says whether words may be said as they are; held to whenever nobody reads them first."""
    _held.append(suits)


def suits(words: str) -> bool:
    return all(one(words) for one in _held)
