"""What a check found, in words, with the way to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """`note`: worth knowing, and no fault. `mend` is empty when there is nothing to do."""

    check: str
    state: Literal["good", "note", "wrong"]
    says: str
    mend: str = ""


Check = Callable[[], "Finding | list[Finding]"]


def good(check: str, says: str) -> Finding:
    return Finding(check, "good", says)


def note(check: str, says: str, mend: str = "") -> Finding:
    return Finding(check, "note", says, mend)


def wrong(check: str, says: str, mend: str) -> Finding:
    return Finding(check, "wrong", says, mend)


def looked_at(name: str, check: Check) -> Iterator[Finding]:
    """A check that falls over is a finding as well: the others are still wanted."""
    try:
        found = check()
    except Exception as error:
        last = str(error).strip().splitlines()
        told = f"could not be looked at ({type(error).__name__}{': ' + last[-1] if last else ''})."
        yield wrong(name, told, "Mend what stands above first; if nothing does, this is a fault of Careline's.")
        return
    yield from [found] if isinstance(found, Finding) else found
