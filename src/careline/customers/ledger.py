"""Who stands for whom, worked out from the entries that count. Nothing here reads or writes rows."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """Two ids that are one person; of two groups that meet, the one of `kept` gives its root."""

    kept: int
    joined: int


def roots(entries: Iterable[Entry]) -> dict[int, int]:
    """Each id that any entry names, with the id that stands for it; entries in the order they were written.

    An entry between two that are one already says nothing new and changes nothing.
    """
    root: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for entry in entries:
        for person in (entry.kept, entry.joined):
            if person not in root:
                root[person], members[person] = person, [person]
        stays, goes = root[entry.kept], root[entry.joined]
        if stays != goes:
            for person in members[goes]:
                root[person] = stays
            members[stays] += members.pop(goes)
    return root
