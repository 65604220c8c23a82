"""The register of what holds personal data: every such model says how it is exported and how it is erased."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Holder:
    export: Callable[[int], list[Row]]
    erase: Callable[[int], int]


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
def erase(person_id: int) -> dict[str, int]:
    """All or nothing. Rooms above erase first: what they hold points at what rooms below hold."""
    return {label: holder.erase(person_id) for label, holder in reversed(_holders.items())}


def _refuse_twice(model_label: str) -> None:
    if model_label in _holders or model_label in _exempt:
        raise ValueError(f"{model_label} is already in the register of personal data.")
