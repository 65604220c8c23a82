"""Calendar invitations: enough of text/calendar to say what is meant; the file itself is kept."""

from __future__ import annotations

import re

from careline.channels.email.mail import Invitation

LARGEST = 500_000
MOST = 20
_ESCAPE = re.compile(r"\\([\\;,nN])")
_FIELDS = {"SUMMARY": "summary", "DTSTART": "starts", "DTEND": "ends", "UID": "uid", "LOCATION": "location",
           "ORGANIZER": "organizer"}  # fmt: skip


def read(text: str) -> list[Invitation]:
    """Every event in it, broken ones with what can be read of them."""
    method = ""
    found: list[dict[str, str]] = []
    inside: list[str] = []
    event: dict[str, str] = {}
    for name, parameters, value in _lines(text[:LARGEST]):
        if name == "BEGIN":
            inside.append(value.upper())
            if inside[-1] in {"VEVENT", "VTODO"}:
                event = {}
        elif name == "END":
            if inside and value.upper() in {"VEVENT", "VTODO"} and inside[-1] == value.upper():
                found.append(event)
                if len(found) >= MOST:
                    break
            if inside:
                inside.pop()
        elif name == "METHOD" and len(inside) <= 1:
            method = value.strip().lower()[:40]
        elif inside and inside[-1] in {"VEVENT", "VTODO"}:
            _note(event, name, parameters, value)
    return [Invitation(method=method, **event) for event in found]


def _note(event: dict[str, str], name: str, parameters: str, value: str) -> None:
    if name in _FIELDS and _FIELDS[name] not in event:
        said = _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value).strip()
        if name == "ORGANIZER":
            said = said.partition(":")[2] if said.lower().startswith("mailto:") else said
        event[_FIELDS[name]] = said[:500]
        if name == "DTSTART":
            event["zone"] = "UTC" if said.endswith("Z") else _parameter(parameters, "TZID")
    elif name == "ATTENDEE" and "answer" not in event:
        state = _parameter(parameters, "PARTSTAT").lower()
        if state in {"accepted", "declined", "tentative"}:
            event["answer"] = state


def _lines(text: str) -> list[tuple[str, str, str]]:
    """Unfolded: `NAME;PARAMETERS:value`."""
    folded: list[list[str]] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in {" ", "\t"} and folded:
            folded[-1].append(line[1:])
        else:
            folded.append([line])
    return [_line("".join(pieces)) for pieces in folded]


def _line(line: str) -> tuple[str, str, str]:
    quoted = False
    for at, letter in enumerate(line[:5000]):
        if letter == '"':
            quoted = not quoted
        elif letter == ":" and not quoted:
            name, _, parameters = line[:at].partition(";")
            return name.strip().upper(), parameters, line[at + 1 :]
    return "", "", line


def _parameter(parameters: str, wanted: str) -> str:
    for one in parameters.split(";"):
        name, _, value = one.partition("=")
        if name.strip().upper() == wanted:
            return value.strip().strip('"')[:100]
    return ""
