"""The share of those who could be asked: drawn by who they are and not by chance, so that a retry draws the same."""

from __future__ import annotations

import hashlib

# In hundredths of a percent.
WHOLE = 10_000
# The same in SQL: the first eight digits of the same sum.
_SUM = "left(encode(sha256(convert_to(%(plan)s::text || ':' || p.id, 'UTF8')), 'hex'), 8)"
PLACE = f"(('x' || {_SUM})::bit(32)::bigint %% {WHOLE})"


def place(plan_id: int, person_id: int) -> int:
    """Where somebody stands among all, for this plan: from 0 to WHOLE."""
    return int(hashlib.sha256(f"{plan_id}:{person_id}".encode()).hexdigest()[:8], 16) % WHOLE


def begins(share: int, wave: int) -> int:
    """Where the share of a wave begins: each goes on where the last one ended, until everybody had their turn."""
    return wave * share * 100 % WHOLE


def is_drawn(share: int, plan_id: int, person_id: int, wave: int = 0) -> bool:
    return (place(plan_id, person_id) - begins(share, wave)) % WHOLE < share * 100
