"""message/delivery-status of RFC 3464, one block a recipient, and the ways real servers write it."""

from __future__ import annotations

import re

from careline.channels.email import addresses, encoded
from careline.channels.email.bounces import codes, original, reasons
from careline.channels.email.bounces.bounce import HARD, Action, Bounce
from careline.channels.email.mail import Mail

_FIELD = re.compile(r"[ \t]{0,3}([A-Za-z][A-Za-z0-9-]{2,40})[ \t]*:(.*)")
_ACTIONS: dict[str, Action] = {
    "failed": "failed", "fail": "failed", "failure": "failed", "permanent-failure": "failed", "deferred": "delayed",
    "delayed": "delayed", "transient-failure": "delayed", "delivered": "delivered", "deliverable": "delivered",
    "relayed": "relayed", "relayed-or-delivered-to-mta": "relayed", "expanded": "expanded",
    "expired": "failed", "error": "failed",
}  # fmt: skip
_FINAL = re.compile(r"^[ \t]{0,3}final-recipient[ \t]*:", re.IGNORECASE | re.MULTILINE)
# Diagnostics that repeat the frame, and say nothing themselves.
_EMPTY = re.compile(r"^[\s;]*(smtp|x-\w+|unknown|rfc822)?[\s;]*(\(.{0,3}\))?$", re.IGNORECASE)
_SPOKE = re.compile(r"^[ \t]*(?:<<<|\(reason:)[ \t]*(.{3,500}?)\)?$", re.MULTILINE)


def read(report: str, said: str, mail: Mail, about: str) -> list[Bounce]:
    found: list[Bounce] = []
    shared: dict[str, str] = {}
    blocks = [block for text in re.split(r"\n[ \t]*\n", report[:200_000]) for block in _blocks(text) if block]
    several = sum(bool(_address(block)) for block in blocks) > 1
    for block in blocks:
        address = _address(block)
        if not address and not {"action", "status", "diagnostic-code"} & block.keys():
            shared |= block
            continue
        if not address:
            guessed = original.recipients(mail, "")
            address = guessed[0] if guessed else ""
        found.append(_bounce(block, address, _about(address, said, several), said, about))
    if not found and {"reporting-mta", "arrival-date"} & shared.keys():
        return []
    return found


def _bounce(block: dict[str, str], address: str, said: str, whole: str, about: str) -> Bounce:
    words = _diagnostic(block)
    stated = codes.status(block.get("status", ""))
    within = codes.status(words)
    # What the other server said counts more than what the reporting one made of it, unless it says nothing.
    known = [one for one in (within, stated) if one]
    status = next((one for one in known if not one.endswith(".0")), known[0] if known else "")
    action = _ACTIONS.get(block.get("action", "").split("(")[0].strip().lower(), "failed")
    if status.startswith("2") and not block.get("action"):
        action = "delivered"
    code = codes.code(words)
    if action in {"delivered", "relayed", "expanded"}:
        return Bounce(
            address=address,
            reason="other",
            action=action,
            status=status or stated,
            code=code,
            words=words,
            message_id=about,
        )
    told = words if not _EMPTY.match(words) else ""
    if not told:
        spoke = _SPOKE.findall(said)
        told = " ".join(spoke)[:2_000] or said
        code = code or codes.code(" ".join(spoke))
        if codes.vague(status):
            status = codes.status(" ".join(spoke) or told) or status
    after = reasons.after_data(words + "\n" + whole)
    spoken = told if reasons.spoken(told) or not said else " ".join(_SPOKE.findall(said)) or said
    reason = reasons.reason(spoken, status, code, action, after_data=after)
    hard = reason in HARD and action == "failed" and not status.startswith("4")
    return Bounce(
        address=address,
        reason=reason,
        action=action,
        status=status,
        code=code,
        hard=hard,
        words=told[:1_000].strip(),
        message_id=about,
    )


def _blocks(text: str) -> list[dict[str, str]]:
    """The blank line between two recipients is forgotten by some; a second final recipient begins a second block."""
    starts = [match.start() for match in _FINAL.finditer(text)]
    if len(starts) < 2:
        return [_fields(text)]
    return [_fields(text[start:stop]) for start, stop in zip([0, *starts[1:]], [*starts[1:], len(text)], strict=True)]


def _fields(block: str) -> dict[str, str]:
    found: dict[str, str] = {}
    last = ""
    for line in block.split("\n"):
        match = _FIELD.match(line)
        if match and not (last == "diagnostic-code" and line[:1] in " \t"):
            last = match[1].lower()
            # The first of two counts, except that the last word of the other side says most.
            found[last] = (found[last] + " " if last in found and last == "diagnostic-code" else "") + match[2].strip()
        elif last and line.strip():
            found[last] += " " + line.strip()
    return found


def _address(block: dict[str, str]) -> str:
    for name in ("final-recipient", "original-recipient", "x-actual-recipient", "recipient"):
        value = block.get(name, "")
        if not value:
            continue
        bare = value.split(";", 1)[1] if ";" in value else value
        found = addresses.read(encoded.words(bare).strip())
        if found:
            return found[0].address
        bare = bare.strip(" <>\t\"'")
        if bare and name == "final-recipient":
            original_one = addresses.read(block.get("original-recipient", "").split(";", 1)[-1])
            return original_one[0].address if original_one else bare[:320]
    return ""


def _diagnostic(block: dict[str, str]) -> str:
    value = block.get("diagnostic-code", "")
    return encoded.line(value) if value else ""


def _about(address: str, said: str, several: bool) -> str:
    """What the text says of this recipient, where it speaks of several; the whole otherwise."""
    if not several or not address:
        return said
    at = said.casefold().find(address.casefold())
    if at < 0:
        return ""
    return said[max(0, at - 200) : at + 1_000]
