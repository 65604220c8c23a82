"""Whether conditions hold of a conversation: pure, the same answer for the same two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from careline.kit import text
from careline.service.conversations.conditions.shapes import Condition, Conditions, Subject


def met(conditions: Conditions, subject: Subject) -> bool:
    every = all if conditions.how == "all" else any
    return every(met(one, subject) if isinstance(one, Conditions) else _holds(one, subject) for one in conditions.parts)


def _holds(one: Condition, subject: Subject) -> bool:
    known = _known(one.field, subject)
    if isinstance(known, tuple | frozenset):
        # Of several values at once: a conversation's tags, a customer's segments.
        wanted = text.fold(one.value) if isinstance(one.value, str) else one.value
        has = wanted in known if one.value is not None else bool(known)
        return has is (one.op in ("is", "set"))
    if one.op in ("set", "not_set"):
        return (known is not None and known != "") is (one.op == "set")
    return _OPS[one.op](known, one.value)


def _known(field: str, subject: Subject) -> Any:
    kind, _colon, key = field.partition(":")
    match kind:
        case "attribute":
            return subject.attributes.get(key)
        case "trait":
            return subject.traits.get(key)
        case "tag":
            return tuple(text.fold(one) for one in subject.tags)
        case "segment":
            return subject.segments
        case "hours":
            return "open" if subject.is_open else "closed"
        case "age":
            return _minutes(subject.opened_at, subject)
        case "silence":
            return _minutes(subject.active_at, subject)
        case "marked":
            return subject.is_marked
    return getattr(subject, kind)


def _minutes(since: datetime, subject: Subject) -> float:
    return (subject.at - since).total_seconds() / 60


def _same(known: Any, value: Any) -> bool:
    if isinstance(known, bool) or isinstance(value, bool):
        return known is value
    if isinstance(known, str) and isinstance(value, str):
        return text.fold(known) == text.fold(value)
    return bool(known == value)


def _contains(known: Any, value: Any) -> bool:
    """Any of several words, which commas part."""
    if known is None or isinstance(known, bool):
        return False
    there = text.fold(str(known))
    return any(word in there for part in str(value).split(",") if (word := text.fold(part)))


def _compared(known: Any, value: Any, fits: Callable[[Any, Any], bool]) -> bool:
    """What cannot be compared is neither more nor less."""
    if isinstance(known, bool) or not isinstance(known, int | float):
        return False
    return fits(known, value)


def _day(known: Any, value: Any, fits: Callable[[Any, Any], bool]) -> bool:
    # Days are written so that their letters sort as they follow each other.
    return isinstance(known, str) and known[:1].isdigit() and fits(known[:10], value)


_OPS: dict[str, Callable[[Any, Any], bool]] = {
    "is": _same,
    "is_not": lambda known, value: not _same(known, value),
    "contains": _contains,
    "contains_not": lambda known, value: not _contains(known, value),
    "at_least": lambda known, value: _compared(known, value, lambda a, b: a >= b),
    "at_most": lambda known, value: _compared(known, value, lambda a, b: a <= b),
    "after": lambda known, value: _day(known, value, lambda a, b: a > b),
    "before": lambda known, value: _day(known, value, lambda a, b: a < b),
}
