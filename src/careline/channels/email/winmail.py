"""winmail.dat: what Outlook puts around a mail when it takes the other side for Outlook too (MS-OXTNEF)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import msgspec

from careline.channels.email import charsets, files
from careline.channels.email.mail import Attachment

KINDS = {"application/ms-tnef", "application/vnd.ms-tnef"}
MOST_FILES = 200
_SIGNATURE = 0x223E9F78
_MESSAGE, _ATTACHMENT = 1, 2
# Attributes, by the low half of their id.
_BODY, _MESSAGE_PROPERTIES = 0x800C, 0x9003
_BEGINS, _TITLE, _CONTENT, _PROPERTIES, _CODEPAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
# Properties of MAPI.
_HTML, _PLAIN, _LONG_NAME, _NAME, _KIND, _CID, _OBJECT = 0x1013, 0x1000, 0x3707, 0x3001, 0x370E, 0x3712, 0x3701
_SIZES = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8,
          0x0040: 8, 0x0048: 16}  # fmt: skip
_VARIABLE = {0x000D, 0x001E, 0x001F, 0x0102}


class Opened(msgspec.Struct):
    text: str = ""
    html: str = ""
    files: list[Attachment] = []


class _File(msgspec.Struct):
    name: str = ""
    kind: str = ""
    cid: str = ""
    content: bytes = b""


def opened(raw: bytes) -> Opened | None:
    """None when it is not what it says; a part that is broken ends the reading, what came before stays."""
    if len(raw) < 6 or struct.unpack_from("<I", raw)[0] != _SIGNATURE:
        return None
    found, label = Opened(), "cp1252"
    waiting: list[_File] = []
    for level, attribute, value in _attributes(raw):
        if attribute == _CODEPAGE and len(value) >= 4:
            label = f"cp{struct.unpack_from('<I', value)[0]}"
        elif level == _MESSAGE and attribute == _BODY:
            found.text = charsets.words(value.rstrip(b"\0"), label)
        elif level == _MESSAGE and attribute == _MESSAGE_PROPERTIES:
            _note_body(found, value, label)
        elif attribute == _BEGINS:
            if len(waiting) >= MOST_FILES:
                break
            waiting.append(_File())
        elif waiting and level == _ATTACHMENT:
            _note_file(waiting[-1], attribute, value, label)
    for number, one in enumerate(waiting, 1):
        if one.content:
            kind = one.kind if "/" in one.kind else "application/octet-stream"
            found.files.append(
                Attachment(
                    name=files.cleaned(one.name) or f"file-{number}.bin",
                    media_type=kind.lower(),
                    content=one.content,
                    content_id=one.cid,
                )
            )
    return found


def _note_body(found: Opened, value: bytes, label: str) -> None:
    for name, kind, content in _properties(value):
        if name == _HTML:
            found.html = _words(kind, content, label)
        elif name == _PLAIN and not found.text:
            found.text = _words(kind, content, label)


def _note_file(one: _File, attribute: int, value: bytes, label: str) -> None:
    if attribute == _TITLE:
        one.name = one.name or charsets.words(value.rstrip(b"\0"), label)
    elif attribute == _CONTENT:
        one.content = value
    elif attribute == _PROPERTIES:
        for name, kind, content in _properties(value):
            if name == _LONG_NAME:
                one.name = _words(kind, content, label)
            elif name == _NAME:
                one.name = one.name or _words(kind, content, label)
            elif name == _KIND:
                one.kind = _words(kind, content, label)
            elif name == _CID:
                one.cid = _words(kind, content, label)
            elif name == _OBJECT and not one.content and kind == 0x0102:
                one.content = content


def _attributes(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 6
    while at + 9 <= len(raw):
        level, tag, size = struct.unpack_from("<BII", raw, at)
        at += 9
        if level not in {_MESSAGE, _ATTACHMENT} or at + size > len(raw):
            return
        yield level, tag & 0xFFFF, raw[at : at + size]
        at += size + 2  # a checksum follows


def _properties(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Those of one value, and the first of many; stops where it cannot follow."""
    if len(raw) < 4:
        return
    at = 4
    for _number in range(min(struct.unpack_from("<I", raw)[0], 10_000)):
        if at + 4 > len(raw):
            return
        kind, name = struct.unpack_from("<HH", raw, at)
        at += 4
        if name >= 0x8000:
            at = _past_name(raw, at)
        many, kind = bool(kind & 0x1000), kind & 0x0FFF
        count = 1
        if many or kind in _VARIABLE:
            if at + 4 > len(raw):
                return
            count = struct.unpack_from("<I", raw, at)[0]
            at += 4
        for _one in range(min(count, 10_000)):
            size = _SIZES.get(kind)
            if size is None:
                if kind not in _VARIABLE or at + 4 > len(raw):
                    return
                size = struct.unpack_from("<I", raw, at)[0]
                at += 4
            if at + size > len(raw):
                return
            yield name, kind, raw[at : at + size]
            at += size + (-size % 4)


def _past_name(raw: bytes, at: int) -> int:
    """A property with a name of its own: sixteen bytes, then a number or a name."""
    if at + 24 > len(raw):
        return len(raw)
    kind, size = struct.unpack_from("<II", raw, at + 16)
    return at + 24 if kind == 0 else at + 24 + size + (-size % 4)


def _words(kind: int, content: bytes, label: str) -> str:
    if kind == 0x001F:
        return charsets.words(content, "utf-16-le").rstrip("\0")
    return charsets.words(content.rstrip(b"\0"), label)
