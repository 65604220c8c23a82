"""vCard 3.0 and 4.0 (RFC 2426, RFC 6350): a customer as a card, and cards as they come from address books."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused, TooLarge

Version = Literal["3.0", "4.0"]
LARGEST = 1024 * 1024
MOST = 2000
# Our own ids of a customer have no place of their own in the format.
EXTERNAL = "X-CUSTOMER-NUMBER"
_LINE = re.compile(
    r"(?:(?P<group>[\w-]+)\.)?(?P<name>[\w-]+)(?P<params>(?:;[\w-]+(?:=(?:\"[^\"]*\"|[^\";:])*)?)*):(?P<value>.*)",
    re.DOTALL,
)
_PARAM = re.compile(r";([\w-]+)(?:=((?:\"[^\"]*\"|[^\";:])*))?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Card(msgspec.Struct, frozen=True):
    """What of a card concerns us; an address book knows more."""

    name: str = ""
    emails: list[str] = []
    phones: list[str] = []
    externals: list[str] = []
    company: str = ""
    language: str = ""
    zone: str = ""


def written(card: Card, version: Version) -> str:
    """CRLF, folded at 75 bytes; a name is required, so a card without one is called by its first address."""
    called = card.name or next(iter([*card.emails, *card.phones, *card.externals]), "-")
    lines = ["BEGIN:VCARD", f"VERSION:{version}", f"FN:{_escaped(called)}", f"N:;{_escaped(card.name)};;;"]
    lines += [f"EMAIL:{_escaped(one)}" for one in card.emails]
    phone = "TEL;VALUE=uri:tel:{}" if version == "4.0" else "TEL:{}"
    lines += [phone.format(one if version == "4.0" else _escaped(one)) for one in card.phones]
    lines += [f"{EXTERNAL}:{_escaped(one)}" for one in card.externals]
    if card.company:
        lines.append(f"ORG:{_escaped(card.company)}")
    if card.language:
        lines.append(f"{'LANG' if version == '4.0' else 'X-LANG'}:{card.language}")
    if card.zone:
        lines.append(f"TZ{'' if version == '4.0' else ';VALUE=text'}:{card.zone}")
    return "".join(f"{_folded(one)}\r\n" for one in [*lines, "END:VCARD"])


def read(raw: bytes) -> list[Card]:
    """Every card of a file; what stands outside of cards is passed over."""
    if len(raw) > LARGEST:
        raise TooLarge(_("A file may have at most 1 MB."), field="file")
    found: list[Card] = []
    lines: list[str] | None = None
    for one in _lines(raw.decode("utf-8-sig", errors="replace").replace("\0", "")):
        word = one.strip().upper()
        if word == "BEGIN:VCARD":
            lines = []
        elif word == "END:VCARD" and lines is not None:
            found.append(_card(lines))
            lines = None
        elif lines is not None:
            lines.append(one)
    if not found:
        raise Refused(_("There is no vCard in this file."), field="file")
    if len(found) > MOST:
        raise Refused(_("A file has at most %(most)s cards; part it.") % {"most": MOST}, field="file")
    return found


def _lines(text: str) -> Iterator[str]:
    """Unfolded: a line that begins with a space goes on the one before; so does one after a soft end of 2.1."""
    held = ""
    for one in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if one[:1] in (" ", "\t"):
            held += one[1:]
        elif held.endswith("=") and "QUOTED-PRINTABLE" in held.partition(":")[0].upper():
            held = held[:-1] + one
        else:
            yield held
            held = one
    yield held


def _card(lines: Sequence[str]) -> Card:
    values: dict[str, list[str]] = {}
    for one in lines:
        parts = _LINE.fullmatch(one)
        if parts is None:
            continue
        params = {name.upper(): (value or "").strip('"') for name, value in _PARAM.findall(parts["params"])}
        value = parts["value"]
        if "QUOTED-PRINTABLE" in (params.get("ENCODING", "").upper(), *params):
            value = quopri.decodestring(value.encode()).decode(params.get("CHARSET") or "utf-8", errors="replace")
        values.setdefault(parts["name"].upper(), []).append(value.strip())
    return Card(
        name=_name(values),
        emails=[_plain(one) for one in values.get("EMAIL", []) if one],
        phones=[_plain(re.sub(r"(?i)^tel:", "", one)) for one in values.get("TEL", []) if one],
        externals=[_plain(one) for one in values.get(EXTERNAL, []) if one],
        company=_plain(_parts(next(iter(values.get("ORG", [])), ""))[0]),
        language=next(iter([*values.get("LANG", []), *values.get("X-LANG", [])]), ""),
        zone=next((one for one in values.get("TZ", []) if "/" in one), ""),
    )


def _name(values: dict[str, list[str]]) -> str:
    """As it is written whole, else of its parts: prefix, given, further, family, suffix."""
    whole = _plain(next(iter(values.get("FN", [])), ""))
    if whole.strip():
        return whole
    parts = [_plain(one) for one in _parts(next(iter(values.get("N", [])), ""))] + [""] * 5
    return " ".join(one for one in (parts[3], parts[1], parts[2], parts[0], parts[4]) if one)


def _parts(value: str) -> list[str]:
    """At semicolons that are not escaped."""
    return re.findall(r"((?:\\.|[^;\\])*)(?:;|$)", value, re.DOTALL)


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _escaped(value: str) -> str:
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return re.sub(r"\r\n|\r|\n", r"\\n", value)


def _folded(line: str) -> str:
    """At most 75 bytes a line, and never within a character."""
    pieces, size = [""], 0
    for character in line:
        width = len(character.encode("utf-8", "replace"))
        if size + width > 74:
            pieces.append(" ")
            size = 1
        pieces[-1] += character
        size += width
    return "\r\n".join(pieces)
