"""The parts of a message, found in one pass over its bytes: no recursion, no copy before a part is asked for."""

from __future__ import annotations

import quopri
import re

import msgspec

from careline.channels.email import charsets, encoded, fields, parameters, uuencoded
from careline.channels.email.fields import Head
from careline.channels.email.parameters import Valued

MOST_PARTS = 1_000
DEEPEST = 40
UUENCODED = {"x-uuencode", "uuencode", "x-uue", "uue"}
_LONGEST_ENDING = 300
_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\s][^\r\n]{0,200}?)[ \t]*\r?\n")
_TYPE = re.compile(r"[\w!#$&^.+-]{1,120}/[\w!#$&^.+-]{1,120}")


class Part(msgspec.Struct):
    """A leaf, or a multipart with others in it."""

    head: Head
    kind: str
    parameters: dict[str, str]
    disposition: Valued
    start: int
    stop: int
    parts: list[Part] = []
    boundary: bytes = b""
    closed: bool = False
    # The mail ends before it does.
    cut: bool = False

    @property
    def main(self) -> str:
        return self.kind.partition("/")[0]

    @property
    def attached(self) -> bool:
        return self.disposition.value == "attachment"

    @property
    def encoding(self) -> str:
        return self.head.text("content-transfer-encoding").strip("\"' ;").lower()

    @property
    def content_id(self) -> str:
        return self.head.text("content-id").strip("<> \t")[:500]


class Tree:
    """One message: its head and its parts, by offsets into the bytes it came as."""

    def __init__(self, raw: bytes, start: int = 0, stop: int | None = None) -> None:
        self.raw = raw
        self.stop = len(raw) if stop is None else stop
        self.remarks: set[str] = set()
        self.count = 0
        # Behind the last delimiter, when there is one: nothing that belongs to this message.
        self.end = self.stop
        self.root = self._part(start, self.stop, "text/plain")
        # What it says it is, even where it cannot be parted.
        self.declared = self.root.kind
        if self.root.main == "multipart":
            self._split()
            if not self.root.parts:
                self._split_anyhow()

    @property
    def head(self) -> Head:
        return self.root.head

    def leaves(self) -> list[Part]:
        """In their order."""
        found: list[Part] = []
        waiting = [self.root]
        while waiting:
            part = waiting.pop()
            if part.main == "multipart":
                waiting.extend(reversed(part.parts))
            else:
                found.append(part)
        return found

    def content(self, part: Part, most: int | None = None) -> bytes:
        """Its bytes, the transfer encoding undone."""
        raw = self.raw[part.start : part.stop]
        how = part.encoding
        if how == "base64":
            decoded, whole = encoded.base64_bytes(raw)
            if not whole:
                self.remarks.add("broken-base64")
            return decoded
        if how in {"quoted-printable", "quotedprintable"}:
            return quopri.decodestring(raw)
        if how in UUENCODED:
            return uuencoded.decoded(raw)
        return raw if most is None else raw[:most]

    def text(self, part: Part, most: int) -> str:
        """Its words, with line feeds alone."""
        return self.words(part, self.content(part), most)

    def words(self, part: Part, raw: bytes, most: int) -> str:
        """The same of its bytes, or what is left of them."""
        if len(raw) > most:
            self.remarks.add("text-cut")
            raw = raw[:most]
        text, right = charsets.decoded(raw, part.parameters.get("charset", ""))
        if not right:
            self.remarks.add("charset-guessed")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _part(self, start: int, stop: int, default: str) -> Part:
        self.count += 1
        head = fields.head(self.raw, start, stop)
        if head.cut:
            self.remarks.add("head-cut")
        given = parameters.read(head.text("content-type"))
        disposition = parameters.read(head.text("content-disposition"))
        kind = given.value if _TYPE.fullmatch(given.value) else _guessed(given.value, default)
        part = Part(head, kind, given.parameters, disposition, head.end, stop)
        if part.main == "multipart":
            part.boundary = given.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
            if not part.boundary:
                self._find_boundary(part)
        return part

    def _split_anyhow(self) -> None:
        """The boundary that is told never comes; a line that begins with it may, or another; else it is all text."""
        self._split(loose=True)
        if self.root.parts:
            return
        self._find_boundary(self.root)
        if self.root.main == "multipart":
            self._split()
        if not self.root.parts:
            self.root.kind = "text/plain"

    def _find_boundary(self, part: Part) -> None:
        """The boundary was not told; the first line that looks like one is taken."""
        self.remarks.add("no-boundary")
        found = _BOUNDARY.search(self.raw, max(part.start - 1, 0), min(part.stop, part.start + 65_536))
        if found is None:
            part.kind = "text/plain"
        else:
            part.boundary = found[1]
            part.closed = False

    def _split(self, *, loose: bool = False) -> None:
        stack = [self.root]
        leaf: Part | None = None
        at = max(self.root.start - 1, 0)
        pattern = _any_of(stack, loose)
        while match := pattern.search(self.raw, at, self.stop):
            level = next(n for n in range(len(stack) - 1, -1, -1) if stack[n].boundary == match[1])
            before = match.start()
            if self.raw[before - 1 : before] == b"\r":
                before -= 1
            for ended in [leaf, *stack[level + 1 :]]:
                if ended is not None:
                    ended.stop = max(before, ended.start)
            deeper = len(stack) > level + 1
            if deeper and not all(part.closed for part in stack[level + 1 :]):
                self.remarks.add("boundary-missing")
            del stack[level + 1 :]
            leaf = None
            owner = stack[level]
            owner.closed = match[2] is not None
            at = max(match.end() - 1, match.start() + 1)
            if owner is self.root and owner.closed:
                self.end = max(match.end() - 1, match.start() + 1)
            if not owner.closed:
                leaf = self._open(owner, min(match.end(), self.stop))
                if leaf is None:
                    break
                at = max(leaf.start - 1, at)
                if leaf.main == "multipart":
                    stack.append(leaf)
                    leaf = None
                    deeper = True
            if deeper:
                pattern = _any_of(stack, loose)
        if not all(part.closed for part in stack):
            self._close_within_line(stack, leaf)
            self.remarks.add("boundary-missing")

    def _close_within_line(self, stack: list[Part], leaf: Part | None) -> None:
        """The last delimiter stands behind the last words, without a line of its own."""
        if leaf is None:
            return
        leaf.cut = leaf.start < leaf.stop  # of a part that has only begun nothing is there to be cut
        at = max(leaf.start, leaf.stop - _LONGEST_ENDING)
        last = self.raw[at : leaf.stop].rstrip()
        for part in stack:
            ending = b"--" + part.boundary + b"--"
            if last.endswith(ending):
                leaf.stop, leaf.cut = at + len(last) - len(ending), False
                return

    def _open(self, owner: Part, start: int) -> Part | None:
        if self.count >= MOST_PARTS:
            self.remarks.add("too-many-parts")
            return None
        part = self._part(start, self.stop, "message/rfc822" if owner.kind == "multipart/digest" else "text/plain")
        owner.parts.append(part)
        if part.main == "multipart" and self._depth(owner) >= DEEPEST:
            self.remarks.add("too-deep")
            part.kind = "application/octet-stream"
        return part

    def _depth(self, owner: Part) -> int:
        depth, part = 1, self.root
        while part is not owner and part.parts and part.parts[-1].main == "multipart":
            part = part.parts[-1]
            depth += 1
        return depth


def _any_of(stack: list[Part], loose: bool) -> re.Pattern[bytes]:
    """A delimiter line of any multipart that is open; the longest first, so that none hides another.

    To begin with the boundary is enough (RFC 2046, 5.1.1), where no line is just it.
    """
    names = sorted({part.boundary for part in stack}, key=len, reverse=True)
    behind = rb"[^\n]{0,200}" if loose else rb"[ \t]*\r?"
    return re.compile(rb"\n--(" + b"|".join(map(re.escape, names)) + rb")(--)?" + behind + rb"(?:\n|\Z)")


def _guessed(given: str, default: str) -> str:
    """A type that is none: `text`, `html`, nothing."""
    if given in {"text", "html", "text/"}:
        return "text/html" if given == "html" else "text/plain"
    if given.startswith("multipart"):
        return "multipart/mixed"
    return default if not given or default != "text/plain" else "application/octet-stream" if "/" in given else default
