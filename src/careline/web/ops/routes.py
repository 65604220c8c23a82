"""The name of an address without what it carries: `/api/v1/conversations/1001` is `/api/v1/conversations/*`.

Only words that stand in the program's own addresses are kept. A token, a name or an id never is, whoever sends it, and
there are never more names than the program has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

LONGEST = 10
MOST = 400
OTHERS = "(others)"
# Doors that stand beside Django's addresses.
_BESIDE = "livez readyz metrics static ws agent visitor api v1 conversations messages widget.js favicon.ico"
_BESIDE += " identify track page screen group alias batch import"
_PLACE = re.compile(r"<[^>]*>|\(\?P.*?\)")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

_named: dict[str, str] = {}


def name_of(path: str) -> str:
    """Kept for addresses seen before; what comes in too great a variety is not kept."""
    parts = path.split("/", LONGEST + 1)
    known = words()
    name = "/".join(part if part in known or not part else "*" for part in parts[: LONGEST + 1])
    if name in _named:
        return name
    if len(_named) >= MOST:
        return OTHERS
    _named[name] = name
    return name


def words() -> frozenset[str]:
    """Every literal word of every address that is loaded; what is not yet has not been asked for either."""
    from django.urls import get_resolver

    patterns = get_resolver().url_patterns
    return _words(sum(getattr(entry, "is_loaded", True) for entry in patterns))


@cache
def _words(_loaded: int) -> frozenset[str]:
    from django.urls import get_resolver

    return frozenset(_BESIDE.split()) | frozenset(_literals(get_resolver().url_patterns))


def _literals(patterns: Iterable[Any]) -> Iterable[str]:
    for entry in patterns:
        for part in _PLACE.sub("/", str(entry.pattern)).split("/"):
            yield from _WORD.findall(part)
        if getattr(entry, "is_loaded", True):
            yield from _literals(getattr(entry, "url_patterns", ()))
