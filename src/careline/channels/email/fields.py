"""The head of a message: its fields in order, however it was folded, cut off or ended."""

from __future__ import annotations

import re

import msgspec

from careline.channels.email import encoded

LARGEST = 1024 * 1024
MOST = 20_000
_NAME = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_LINE = re.compile(rb"[^\n]*\n?")


class Head(msgspec.Struct):
    """Fields as bytes, unfolded, names in lower case, in their order."""

    fields: list[tuple[str, bytes]] = []
    # Where the body begins.
    end: int = 0
    cut: bool = False
    # What stood where a field belongs; the body begins there when there was no blank line.
    strange: int = 0
    # Whether an empty line ended it, or the mail itself.
    ended: bool = True
    by_name: dict[str, list[bytes]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.by_name

    def text(self, name: str) -> str:
        """The first of them as words without encoded words resolved."""
        found = self.by_name.get(name)
        return encoded.plain(found[0]).strip() if found else ""

    def line(self, name: str) -> str:
        return encoded.line(self.text(name))

    def every(self, *names: str) -> list[str]:
        if self.by_name.keys().isdisjoint(names):
            return []
        return [encoded.plain(value).strip() for known, value in self.fields if known in names]


def head(raw: bytes | memoryview, start: int = 0, stop: int | None = None) -> Head:
    """Reads from `start` to the first blank line; stops where no field can be any more."""
    buffer = bytes(raw[start : min(len(raw) if stop is None else stop, start + LARGEST)])
    whole = (len(raw) if stop is None else stop) - start <= LARGEST
    found = Head()
    at, pending = 0, [b""]
    name = ""

    def finish() -> None:
        if name and len(found.fields) < MOST:
            value = b"".join(pending).strip(b" \t\r\n")
            found.fields.append((name, value))
            found.by_name.setdefault(name, []).append(value)
        elif name:
            found.cut = True

    while at < len(buffer):
        end = buffer.find(b"\n", at)
        end = len(buffer) if end < 0 else end + 1
        line = buffer[at:end]
        bare = line.rstrip(b"\r\n")
        if not bare.strip(b" \t"):
            # A line of blanks ends the head too, unless a folded field goes on after it.
            if not bare or not _goes_on(buffer, end):
                at = end
                break
        elif bare[:1] in b" \t" and bare[:1]:
            pending.append(line if name else b"")
        elif match := _NAME.match(bare):
            finish()
            name = match[0][:-1].rstrip().decode("ascii").lower()
            pending = [line[match.end() :]]
        elif at == 0 and bare.startswith((b"From ", b">From ")):
            pass  # the line between messages of an mbox
        elif _head_follows(buffer, end):
            found.strange += 1
        else:
            found.strange += 1
            found.ended = False
            break
        at = end
    else:
        found.cut = found.cut or not whole
    finish()
    found.end = start + at
    return found


def _goes_on(buffer: bytes, at: int) -> bool:
    following = _LINE.match(buffer, at)
    return bool(following and following[0][:1] in (b" ", b"\t") and following[0].strip())


def _head_follows(buffer: bytes, at: int) -> bool:
    """One strange line between fields is skipped; two are the body."""
    following = _LINE.match(buffer, at)
    return bool(following and _NAME.match(following[0]))
