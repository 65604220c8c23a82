"""The register of what holds personal data: every such model says how it is exported and how it is erased."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import transaction

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Holder:
    export: Callable[[int], list[Row]]
    erase: Callable[[int], int]


# No person's number is ever so large; it still is one that API and pages take.
STRANGERS = 10**17
_drawn: ContextVar[tuple[int, str]] = ContextVar("drawn")
_holders: dict[str, _Holder] = {}
_exempt: dict[str, str] = {}


def register(model_label: str, *, export: Callable[[int], list[Row]], erase: Callable[[int], int]) -> None:
    """`export` gives the rows of a person as plain values; `erase` removes them and says how many it touched."""
    _refuse_twice(model_label)
    _holders[model_label] = _Holder(export, erase)


def exempt(model_label: str, why: str) -> None:
    """This model holds no personal data of customers; `why` is read by whoever audits the register."""
    _refuse_twice(model_label)
    if not why.strip():
        raise ValueError(f"{model_label} needs a reason to be exempt.")
    _exempt[model_label] = why


def registered() -> frozenset[str]:
    return frozenset(_holders)


def exempted() -> dict[str, str]:
    return dict(_exempt)


def export(person_id: int) -> dict[str, list[Row]]:
    """Everything known about a person, by model; models without a row are left out."""
    rows = {label: _holders[label].export(person_id) for label in sorted(_holders)}
    return {label: found for label, found in rows.items() if found}


@transaction.atomic
def erase(*person_ids: int) -> dict[str, int]:
    """All or nothing; several ids are one person. Rooms above erase first: what they hold points at what is below."""
    counts = dict.fromkeys(reversed(_holders), 0)
    with _drawing():
        for person_id in person_ids:
            for label in counts:
                counts[label] += _holders[label].erase(person_id)
    return counts


def stand_in() -> int:
    """For rows that stay to be counted: nobody's number, the same throughout an erasure and kept nowhere else."""
    return _drawn.get()[0]


def salt() -> str:
    """For what must stay the same as itself throughout an erasure, and lead back to nothing."""
    return _drawn.get()[1]


@contextmanager
def _drawing() -> Iterator[None]:
    token = _drawn.set((STRANGERS + secrets.randbelow(9 * STRANGERS), secrets.token_hex(16)))
    try:
        yield
    finally:
        _drawn.reset(token)


def _refuse_twice(model_label: str) -> None:
    if model_label in _holders or model_label in _exempt:
        raise ValueError(f"{model_label} is already in the register of personal data.")
