"""Tokens somebody has tampered with."""

from __future__ import annotations


def forged(token: str) -> str:
    """Another letter well before the end, which no way of writing the same bytes can make up for."""
    at = len(token) - 9
    return token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
