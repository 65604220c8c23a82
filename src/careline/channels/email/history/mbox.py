"""Where the mails of an mbox file begin and end, read once from its beginning; and a mail as it was before."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from careline.channels.email import dates

# "From ada@example.com Mon Mar  2 09:00:00 2026", with a zone before or behind the year, or a remark at the end. A line
# of somebody's letter that begins with From does not go on like this.
_FROM = re.compile(
    rb"From (?:[^\r\n]{0,300}? )?(?P<date>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +"
    rb"(?:[A-Z][a-z]{2} +\d{1,2}|\d{1,2} +[A-Z][a-z]{2}) [^\r\n]{6,60})\r?\n"
)
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_DATE = re.compile(rb"^date[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t]+[^\r\n]+)*)", re.IGNORECASE | re.MULTILINE)
_END = re.compile(rb"\r?\n\r?\n")
# The head of a mail is looked for a date so far.
HEAD = 64 * 1024


class Lying(msgspec.Struct, frozen=True):
    """A mail in its file, without the line that parts it from the one before."""

    start: int
    size: int
    separated_at: datetime | None
    written_at: datetime | None


def is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return bool(_FROM.match(file.read(1024)))


def lying(path: Path) -> Iterator[Lying]:
    """Every mail; a file of any size costs no memory, since the system reads it as we go."""
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        begun: re.Match[bytes] | None = None
        for found in _separators(whole):
            if begun is not None:
                yield _mail(whole, begun, found.start())
            begun = found
        if begun is not None:
            yield _mail(whole, begun, len(whole))


def as_it_was(raw: bytes) -> bytes:
    """Without the > that was put before lines which begin with From, so that they part no mails; and the last line."""
    if raw.endswith(b"\n\n"):
        raw = raw[:-1]
    elif raw.endswith(b"\r\n\r\n"):
        raw = raw[:-2]
    return _QUOTED.sub(rb"\1", raw) if b">From " in raw else raw


def written_at(head: bytes) -> datetime | None:
    """What its own Date says."""
    end = _END.search(head)
    found = _DATE.search(head, 0, end.start() if end else len(head))
    return dates.read(" ".join(found[1].decode("latin-1").split())) if found else None


def _separators(whole: mmap.mmap) -> Iterator[re.Match[bytes]]:
    at = 0
    while at >= 0:
        found = _FROM.match(whole, at)
        if found is not None and _parts(whole, found):
            yield found
        at = whole.find(b"\nFrom ", at)
        at = at + 1 if at >= 0 else -1


def _parts(whole: mmap.mmap, found: re.Match[bytes]) -> bool:
    """At the beginning, behind an empty line, or where a head follows: some programs leave the empty line out."""
    start = found.start()
    before = whole[max(0, start - 3) : start]
    return start == 0 or before.endswith((b"\n\n", b"\n\r\n")) or bool(_FIELD.match(whole, found.end()))


def _mail(whole: mmap.mmap, begun: re.Match[bytes], end: int) -> Lying:
    start = begun.end()
    head = whole[start : min(end, start + HEAD)]
    separated = dates.read(begun["date"].decode("latin-1"))
    return Lying(start, end - start, None if separated is None else separated.astimezone(UTC), written_at(head))
