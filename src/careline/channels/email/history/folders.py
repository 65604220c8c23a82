"""Which folders hold mail that was received or sent: not what was thrown away, never sent, or is spam."""

from __future__ import annotations

from collections.abc import Iterable

from careline.channels.email.imap.told import Named

# What servers say a folder is for (RFC 6154); and what programs call it, where they do not say.
_UNREADABLE = frozenset({"\\noselect", "\\nonexistent"})
_LEFT_OUT = frozenset({"\\trash", "\\junk", "\\drafts", "\\flagged"})
_LEFT_OUT_NAMES = frozenset(
    {"trash", "junk", "spam", "drafts", "deleted items", "deleted messages", "junk e-mail", "junk mail", "bulk mail"}
)
_ALL = "\\all"
# Its folders are labels, and what has none lies among all mail alone.
_LABELS = "X-GM-EXT-1"


def kept(folders: Iterable[Named], capabilities: frozenset[str]) -> list[str]:
    """Names of those to be read, each mail once; in most accounts All Mail only shows the other folders' once more."""
    listed = [one for one in folders if not one.flags & _UNREADABLE]
    everything = [one.name for one in listed if _ALL in one.flags]
    if everything and _LABELS in capabilities:
        return everything
    within = tuple(one.name + one.delimiter for one in listed if one.delimiter and one.flags & _LEFT_OUT)
    return [
        one.name
        for one in listed
        if not one.flags & (_LEFT_OUT | {_ALL})
        and not one.name.startswith(within)
        and is_kept(one.name.split(one.delimiter) if one.delimiter else [one.name])
    ]


def is_kept(levels: Iterable[str]) -> bool:
    return not any(one.casefold() in _LEFT_OUT_NAMES for one in levels)
