"""Files as they were sent before there was MIME: in lines of letters, between `begin 644 name` and `end`."""

from __future__ import annotations

import binascii
import re

import msgspec

from careline.channels.email import encoded

# Who writes that many into one text means none of them as a file.
MOST = 100
_BEGIN = re.compile(rb"(?:\A|(?<=\n))begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,200})\r?\n")
_EDGE = re.compile(_BEGIN.pattern + rb"|(?<=\n)(?:end|====)[ \t]*(?=\r?\n|\Z)")
_NOTHING = {b"", b"`", b"end"}


class Found(msgspec.Struct, frozen=True):
    # As it is written.
    name: bytes
    content: bytes


def decoded(raw: bytes) -> bytes:
    """Of a part that says it is encoded so: whatever can be had of it."""
    begin = _BEGIN.search(raw)
    out: list[bytes] = []
    for line in raw[begin.end() if begin else 0 :].splitlines():
        if line.strip() in _NOTHING:
            continue
        piece = _line(line)
        if piece is None:
            break
        out.append(piece)
    return b"".join(out)


def named(raw: bytes) -> bytes:
    """What such a part calls itself."""
    begin = _BEGIN.search(raw)
    return begin[1] if begin else b""


def taken_out(raw: bytes) -> tuple[bytes, list[Found]]:
    """The text without the files in it, and those; what begins like one and is none stays where it is."""
    out: list[bytes] = []
    found: list[Found] = []
    if b"begin" not in raw:
        return raw, found
    at = 0
    begin: re.Match[bytes] | None = None
    for edge in _EDGE.finditer(raw):
        if edge[1] is not None:
            begin = edge
            continue
        content = None if begin is None else _whole(raw[begin.end() : edge.start()], base64=b"-base64" in begin[0][:12])
        if begin is not None and content:
            out.append(raw[at : begin.start()])
            found.append(Found(begin[1], content))
            at = edge.end()
            if len(found) == MOST:
                break
        begin = None
    return (b"".join([*out, raw[at:]]), found) if found else (raw, found)


def _whole(block: bytes, *, base64: bool) -> bytes | None:
    """Nothing unless every line is one: all but the last of one length, as encoders write them."""
    if base64:
        content, whole = encoded.base64_bytes(block)
        return content if whole else None
    lines = [line for line in block.splitlines() if line.strip() not in _NOTHING]
    if len({line[:1] for line in lines[:-1]}) > 1:
        return None
    pieces = [piece for piece in map(_line, lines) if piece is not None]
    return b"".join(pieces) if len(pieces) == len(lines) else None


def _line(line: bytes) -> bytes | None:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        pass
    try:  # some encoders pad less than they count
        return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
    except binascii.Error:
        return None
