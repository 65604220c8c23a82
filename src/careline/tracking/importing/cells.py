"""A cell of a file as an attribute keeps it; or which column was wrong, and how."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from careline.customers.actions.attributes import TEXT_LIMIT
from careline.tracking.reading import Wrong

Order = Literal["auto", "month_first", "day_first"]
# Beyond that a figure is the number of something, and loses its last digits in other people's programs.
LARGEST = 10**15
_LONGEST = 40
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,].*)?", re.DOTALL)
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_YES, _NO = frozenset(("yes", "true", "1", "y", "t", "ya")), frozenset(("no", "false", "0", "n", "f", "tidak"))
_BOOLEAN = {"yes", "no", "true", "false", "ya", "tidak"}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?", re.DOTALL)


class Kept(msgspec.Struct, frozen=True):
    """The attribute a column becomes, and whether it is there already."""

    name: str
    label: str
    type: str
    choices: tuple[str, ...] = ()
    is_new: bool = False


def value(kept: Kept, column: str, given: Any, order: Order, zone: ZoneInfo) -> Any:
    """None where the cell is empty."""
    if given is None:
        return None
    if isinstance(given, str):
        given = given.strip()
        if not given:
            return None
    elif isinstance(given, dict | list | tuple | set):
        raise Wrong(column, "nested")
    elif isinstance(given, bytes | bytearray | memoryview):
        raise Wrong(column, "no_text")
    try:
        return _day(given, order, zone) if kept.type == "date" else _OF_TYPE[kept.type](given, kept)
    except _No as no:
        raise Wrong(column, str(no)) from None


class _No(Exception):
    """By the code of its reason."""


def _text(given: Any, _kept: Kept | None = None) -> str:
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int | float | Decimal):
        given = _figure(given)
    elif not isinstance(given, str):
        given = given.isoformat() if isinstance(given, date) else str(given)
    if "\0" in given or (not given.isascii() and any("\ud800" <= one <= "\udfff" for one in given)):
        raise _No("unstorable")
    if len(given) > TEXT_LIMIT:
        raise _No("too_long")
    return str(given)


def _figure(given: int | float | Decimal) -> str:
    if isinstance(given, int):
        if abs(given) >= 10**_LONGEST:
            raise _No("too_long")
        return str(given)
    found = Decimal(str(given))
    if not found.is_finite():
        raise _No("no_number")
    if abs(found.adjusted()) >= _LONGEST:
        raise _No("too_long")
    return str(int(found)) if found == found.to_integral_value() else format(found.normalize(), "f")


def _number(given: Any, _kept: Kept | None = None) -> int | float:
    if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal):
        raise _No("no_number")
    if isinstance(given, int):
        if abs(given) >= LARGEST:
            raise _No("too_large")
        return given
    if isinstance(given, str) and (len(given) > _LONGEST or not _PLAIN.fullmatch(given)):
        raise _No("too_large" if given.isascii() and given.isdecimal() else "no_number")
    found = float(given)
    if not math.isfinite(found):
        raise _No("too_large" if isinstance(given, str) else "no_number")
    if abs(found) >= LARGEST:
        raise _No("too_large")
    return int(found) if found.is_integer() else found


def _boolean(given: Any, _kept: Kept | None = None) -> bool:
    if isinstance(given, bool):
        return given
    word = given.casefold() if isinstance(given, str) else str(given) if given in (0, 1) else ""
    if word in _YES or word in _NO:
        return word in _YES
    raise _No("no_boolean")


def _choice(given: Any, kept: Kept) -> str:
    found = _text(given)
    if found not in kept.choices:
        raise _No("no_choice")
    return found


_OF_TYPE: dict[str, Callable[[Any, Kept], Any]] = {
    "text": _text, "number": _number, "boolean": _boolean, "choice": _choice,
}  # fmt: skip


def _day(given: Any, order: Order, zone: ZoneInfo) -> str:
    """A moment is the day it was in the zone; one without a zone the day it says."""
    try:
        if isinstance(given, str):
            given = _written(given, order)
        if isinstance(given, datetime):
            given = given.astimezone(zone).date() if given.tzinfo else given.date()
        if isinstance(given, date):
            return given.isoformat()
    except (ValueError, OverflowError):
        pass
    raise _No("no_date")


def _written(given: str, order: Order) -> date:
    if len(given) > _LONGEST:
        raise ValueError
    found = _SLASHED.fullmatch(given)
    if found is None:
        return date.fromisoformat(given) if len(given) == 10 else datetime.fromisoformat(given)
    if order == "auto":
        raise ValueError
    first, second, year = map(int, found.groups())
    month, day = (first, second) if order == "month_first" else (second, first)
    return date(year, month, day)


def type_of(values: Sequence[Any]) -> Literal["text", "number", "date", "boolean"]:
    """What an attribute of such values would be: text, unless all of them say that they are something else."""
    known = [one.strip() if isinstance(one, str) else one for one in values if one is not None]
    known = [one for one in known if one != ""]
    if not known:
        return "text"
    if all(isinstance(one, bool) or (isinstance(one, str) and one.casefold() in _BOOLEAN) for one in known):
        return "boolean"
    if all(_is_figure(one) for one in known):
        return "number"
    return "date" if all(_is_date(one) for one in known) else "text"


def _is_figure(one: Any) -> bool:
    if isinstance(one, str) and re.match(r"[+-]?0\d|\+", one):
        return False  # 00123 is the number of something
    try:
        _number(one)
    except _No:
        return False
    return True


def _is_date(one: Any) -> bool:
    if isinstance(one, str):
        return bool(_SLASHED.fullmatch(one) or (_ISO.fullmatch(one) and len(one) <= _LONGEST))
    return isinstance(one, date)


def is_plain(one: Any) -> bool:
    """Whether an attribute could hold it at all."""
    return one is None or isinstance(one, str | bool | int | float | Decimal | date | uuid.UUID)
