"""Words in headers: RFC 2047 as written, and as mailers really write it."""

from __future__ import annotations

import base64
import binascii
import re

from careline.channels.email import charsets

LONGEST = 65_536
_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([BbQq])\?([^?]{0,4000})(?:\?=|\?$|$)")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
_BASE64URL = bytes.maketrans(b"-_", b"+/")
_BLANKS = re.compile(r"[\x00-\x20\x7f]+")


def plain(raw: bytes) -> str:
    """A header's own bytes as words: ASCII by the book, UTF-8 or something older in practice."""
    if raw.isascii() and b"\x1b" not in raw and b"\0" not in raw:
        return raw[:LONGEST].decode("ascii")
    return charsets.words(raw[:LONGEST])


def words(value: str) -> str:
    """Encoded words decoded; neighbors of one charset are joined first, since a letter may be split between them."""
    if "=?" not in value:
        return value
    out: list[str] = []
    label, pending, end = "", b"", 0
    for found in _WORD.finditer(value):
        between = value[end : found.start()]
        joins = bool(pending) and not between.strip(" \t\r\n")
        if pending and (not joins or found[1].lower() != label):
            out.append(charsets.words(pending, label))
            pending = b""
        if not joins:
            out.append(between)
        label, end = found[1].lower(), found.end()
        pending += _bytes(found[2], found[3])
    if pending:
        out.append(charsets.words(pending, label))
    out.append(value[end:])
    return "".join(out)


def line(value: str) -> str:
    """One line for people: decoded, without breaks and control characters."""
    value = words(value)
    if value.isascii() and value.isprintable() and "  " not in value:  # nothing to take out
        return value.strip()
    return _BLANKS.sub(" ", value).strip()


def base64_bytes(raw: bytes) -> tuple[bytes, bool]:
    """Whatever base64 can be found, and whether it was whole."""
    first = raw.find(b"=")
    if (first < 0 or not raw[first:].strip(b"=\r\n ")) and b"-" not in raw and b"_" not in raw:
        try:  # the usual, without a copy of what may be large
            return binascii.a2b_base64(raw), True
        except binascii.Error:
            pass
    kept = _NOT_BASE64.sub(b"", raw.translate(_BASE64URL) if b"-" in raw or b"_" in raw else raw)
    if b"=" in kept.rstrip(b"="):  # several pieces put behind each other, each with its own end
        pieces = [_piece(piece) for piece in kept.split(b"=") if piece]
        return b"".join(piece for piece, _whole in pieces), all(whole for _piece, whole in pieces)
    return _piece(kept.rstrip(b"="))


def _piece(raw: bytes) -> tuple[bytes, bool]:
    whole = len(raw) % 4 != 1
    if not whole:
        raw = raw[:-1]
    try:
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4)), whole
    except (binascii.Error, ValueError):
        return b"", False


def _bytes(how: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if how in "Bb":
        return base64_bytes(raw)[0]
    return _HEX.sub(lambda found: bytes((int(found[1], 16),)), raw.replace(b"_", b" "))


def as_word(text: str) -> str:
    """The other way around, for tests and for what goes out."""
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="
