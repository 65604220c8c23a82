"""Header lines: encoded by RFC 2047 and 2231, folded by RFC 5322, and unable to become two headers.

Written here rather than by Python's email package, which encodes long ids as if they were words; that takes an answer
out of its thread.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime

from careline.channels.email.addresses import Address
from careline.channels.email.writing import domains

WIDTH = 76
# Of an encoded word before base64, so that its line holds the header's name as well.
_WORD_BYTES = 39
LONGEST = 2_000
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
# Separators of lines and paragraphs, and marks that turn all that follows around: file.exe as "exe.file".
_TURNING = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_SPACES = re.compile(r"[ \t\r\n]+")
_TOKEN = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,60}")
_ID = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{1,900}")


def words(name: str, value: str) -> str:
    """A header of words: `Subject`."""
    return _folded(name, _pieces(one_line(value)))


def mailboxes(name: str, addresses: Iterable[Address]) -> str:
    pieces: list[str] = []
    many = list(addresses)
    for number, one in enumerate(many):
        address = domains.wire(one.address)
        parts = [*_phrase(one_line(one.name)), f"<{address}>"] if one.name.strip() else [address]
        parts[-1] += "," if number < len(many) - 1 else ""
        pieces += parts
    return _folded(name, pieces)


def ids(name: str, values: Sequence[str]) -> str:
    """Never encoded. One that came in with blanks or letters beyond ASCII cannot be written, and is left out."""
    return _folded(name, [f"<{value}>" for value in values if _ID.fullmatch(value)])


def fixed(name: str, value: str) -> str:
    """Our own words, ASCII, broken at blanks."""
    if not value.isascii() or not value.isprintable():
        value = "".join(letter for letter in value if letter.isascii() and letter.isprintable())
    return _folded(name, [piece for piece in value.split(" ") if len(piece) <= 900])


def dated(name: str, when: datetime) -> str:
    return f"{name}: {format_datetime(when)}\r\n"


def parametered(name: str, value: str, /, **parameters: str) -> str:
    """`Content-Disposition: attachment; filename=…`, by RFC 2231 where ASCII does not reach."""
    pieces = [value]
    for key, given in parameters.items():
        pieces[-1] += ";"
        pieces += _parameter(key, one_line(given))
    return _folded(name, pieces)


def one_line(value: str) -> str:
    """No breaks, no control characters, no halves of characters, no marks that turn the writing around."""
    cleaned = "".join(" " if _is_control(letter) else letter for letter in value[:LONGEST])
    return _SPACES.sub(" ", cleaned.encode("utf-8", "replace").decode()).strip()


def _is_control(letter: str) -> bool:
    return letter < " " or "\x7f" <= letter <= "\x9f" or letter in _TURNING


def _pieces(value: str) -> list[str]:
    """A value as what may stand on lines of its own: words as they are, or all of it encoded."""
    plain = value.isascii() and "=?" not in value
    found = value.split(" ")
    if plain and all(len(one) < 60 for one in found):
        return found
    return _encoded(value)


def _phrase(name: str) -> list[str]:
    if not name.isascii() or "=?" in name or len(name) > 60:
        return _encoded(name)
    if _PLAIN_NAME.fullmatch(name):
        return name.split(" ")
    return ['"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"']


def _encoded(value: str) -> list[str]:
    """Encoded words; a letter is never split between two, which some programs would show as two broken ones."""
    found: list[str] = []
    piece = b""
    for letter in value:
        raw = letter.encode()
        if len(piece) + len(raw) > _WORD_BYTES:
            found.append(_word(piece))
            piece = b""
        piece += raw
    found.append(_word(piece))
    return found


def _word(raw: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(raw).decode()}?="


def _parameter(key: str, value: str) -> list[str]:
    if _TOKEN.fullmatch(value):
        return [f"{key}={value}"]
    if value.isascii() and len(value) <= 60:
        return [f'{key}="' + value.replace("\\", "\\\\").replace('"', '\\"') + '"']
    pieces: list[str] = [""]
    for letter in value:
        part = letter if (letter.isascii() and letter.isalnum()) or letter in "-_." else _percent(letter)
        if len(pieces[-1]) + len(part) > 54:
            pieces.append("")
        pieces[-1] += part
    if len(pieces) == 1:
        return [f"{key}*=utf-8''{pieces[0]}"]
    pieces[0] = f"utf-8''{pieces[0]}"
    named = [f"{key}*{number}*={piece}" for number, piece in enumerate(pieces)]
    return [one + ";" for one in named[:-1]] + named[-1:]


def _percent(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode())


def _folded(name: str, pieces: Sequence[str]) -> str:
    """Broken between pieces only; a piece longer than a line has one for itself."""
    lines = [f"{name}:"]
    for piece in pieces:
        if not piece:
            continue
        if len(lines[-1]) + 1 + len(piece.encode()) > WIDTH and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {piece}"
    return "\r\n".join(lines) + "\r\n"
