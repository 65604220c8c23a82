"""Whether a talk with somebody is open now: asked of the room above that knows, which enters itself here.

Read where it is kept and in the transaction that decides, so that there is no copy to be late
(docs/decisions/0013-an-open-talk-is-looked-up.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec


class Talks(msgspec.Struct, frozen=True):
    """Of a person under all their ids: is one open, and does one wait for us?"""

    open: bool = False
    ours: bool = False


Look = Callable[[Sequence[int]], Talks]
_looks: list[Look] = []


def register(look: Look) -> None:
    _looks.append(look)


def of(person_ids: Sequence[int]) -> Talks:
    """Nothing is open where nobody entered."""
    found = [look(person_ids) for look in _looks]
    return Talks(open=any(one.open for one in found), ours=any(one.ours for one in found))
