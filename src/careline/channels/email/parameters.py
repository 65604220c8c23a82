"""`text/plain; charset=…`: types, dispositions and their parameters, RFC 2231 and what stands in its place."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

import msgspec

from careline.channels.email import charsets, encoded

_TOKEN = re.compile(r"[^\s;=,\"()<>@\[\]?]+")
_SECTION = re.compile(r"([^*]{1,80})(?:\*(\d{1,4}))?(\*)?")
MOST = 200


class Valued(msgspec.Struct):
    """What comes first, in lower case, and the parameters behind it."""

    value: str = ""
    parameters: dict[str, str] = {}


def read(text: str) -> Valued:
    text = _without_comments(text[: encoded.LONGEST])
    first, _, rest = text.partition(";")
    told = first.replace(" /", "/").replace("/ ", "/").split()
    value = told[0].strip("\"'").lower() if told else ""
    if len(told) > 1:  # a semicolon was forgotten
        rest = " ".join(told[1:]) + ";" + rest
    if "=" in value and "/" not in value:  # the type was forgotten: `charset=utf-8`
        value, rest = "", text
    return Valued(value, _joined(_pairs(rest)))


def _without_comments(text: str) -> str:
    if "(" not in text:
        return text
    out: list[str] = []
    depth, quoted, i = 0, False, 0
    while i < len(text):
        letter = text[i]
        if letter == "\\" and quoted:
            out.append(text[i : i + 2])
            i += 2
            continue
        if letter == '"' and not depth:
            quoted = not quoted
        if not quoted and letter == "(" and (depth or not out or out[-1] in " \t;"):
            depth += 1
        elif not quoted and letter == ")" and depth:
            depth -= 1
            i += 1
            continue
        if not depth:
            out.append(letter)
        i += 1
    return "".join(out) if not depth else text


def _pairs(rest: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    at = 0
    while at < len(rest) and len(pairs) < MOST:
        equals = rest.find("=", at)
        if equals < 0:
            break
        name = rest[at:equals].replace(";", " ").strip().rsplit(" ", 1)[-1].strip("\"'").lower()
        value, at = _value(rest, equals + 1)
        if name:
            pairs.append((name, value))
    return pairs


def _value(rest: str, at: int) -> tuple[str, int]:
    while at < len(rest) and rest[at] in " \t\r\n":
        at += 1
    if at >= len(rest) or rest[at] != '"':
        end = rest.find(";", at)
        end = len(rest) if end < 0 else end
        return rest[at:end].strip(" \t\r\n\"'"), end + 1
    out: list[str] = []
    at += 1
    while at < len(rest) and rest[at] != '"':
        # A backslash before a letter is a Windows path, not an escape.
        if rest[at] == "\\" and at + 1 < len(rest) and rest[at + 1] in '"\\':
            at += 1
        out.append(rest[at])
        at += 1
    end = rest.find(";", at)
    return "".join(out), len(rest) if end < 0 else end + 1


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Sections put together in their order, percent signs resolved, encoded words too though they are forbidden."""
    found: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[bool, str]]] = {}
    for name, value in pairs:
        match = _SECTION.fullmatch(name)
        if match is None or (match[2] is None and match[3] is None):
            found.setdefault(name, encoded.words(value))
        else:
            sections.setdefault(match[1], {}).setdefault(int(match[2] or 0), (match[3] is not None, value))
    for name, parts in sections.items():
        found[name] = _extended([parts[number] for number in sorted(parts)])
    return found


def _extended(parts: list[tuple[bool, str]]) -> str:
    label, out = "", b""
    for position, (coded, value) in enumerate(parts):
        if coded and position == 0 and value.count("'") >= 2:
            label, _language, value = value.split("'", 2)
        piece = value.encode("utf-8", "replace")
        out += unquote_to_bytes(piece) if coded else piece
    text = charsets.words(out, label or "utf-8")
    return encoded.words(text)
