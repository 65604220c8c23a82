"""Bounces written for people alone: whom they name, and what is said about each."""

from __future__ import annotations

import re

from careline.channels.email import addresses
from careline.channels.email.bounces import codes, original, reasons
from careline.channels.email.bounces.bounce import HARD, Action, Bounce
from careline.channels.email.mail import Mail

LONGEST = 30_000
MOST = 100
_ADDRESS = re.compile(
    r"(?<![\w.+-])((?:\"[^\"\s@]{1,64}\"|[\w.!#$%&'*/=?^`{|}~+-]{1,64})@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8})"
)
# A line that names a recipient, whatever else is in the text.
_NAMES = re.compile(
    r"rcpt to|recipient|^[ \t>*]{0,8}<?[^\s@<>]{1,64}@[^\s@<>]{1,200}>?[ \t]*[:;,.]?[ \t]*$|"
    r"could not be delivered to|to:? <|"
    r"failed|unable to|error|unknown|address|\[|\(|attempts", re.IGNORECASE
)  # fmt: skip
_ALONE = re.compile(
    r"^[ \t>*\"'-]{0,10}<?[^\s@<>\"]{1,64}@[^\s@<>\"]{1,200}>?[\"']?[ \t]*(?::.{0,1000}|"
    r"[;,.]?(?:[ \t]*\([^)]{0,200}\))?[ \t]*)$"
)
_OF_THE_SENDER = re.compile(
    r"mail from|^[ \t]*(from|sender|envelope sender|reply-to|message-id|(was )?sent by|hello)\b|postmaster@|"
    r"mailer-daemon@",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"(will|to) (keep|be|continue)? ?(trying|retried|retry)|delayed|not been (able to )?deliver(ed)? (yet|after)|"
    r"warning|"
    r"delivery attempts will continue|still trying|temporary (error|failure|problem)", re.IGNORECASE
)  # fmt: skip
# The frame of the reporting server around what the other one said.
_SAID = re.compile(
    r"^.{0,600}?(?:returned was|response was|server responded|said|reason|error message)\s{0,3}:(?=.{0,20}[245]\d\d)",
    re.IGNORECASE,
)
_FINAL = re.compile(
    r"permanent|giving up|gave up|not (going to )?try again|failed|was not delivered|could not be delivered|"
    r"undeliverable|too long",
    re.IGNORECASE,
)


def read(mail: Mail, said: str, returned: str, about: str) -> list[Bounce]:
    said = said[:LONGEST]
    people = _recipients(mail, said) or original.recipients(mail, returned) or _addressed(mail, returned)
    delayed = bool(_DELAY.search(mail.subject + " " + said)) and not _FINAL.search(mail.subject + " " + said)
    found: list[Bounce] = []
    for number, address in enumerate(people[:MOST]):
        words = (
            _words_about(said, address, [one for one in people if one != address], number) if len(people) > 1 else said
        )
        found.append(_bounce(address, words, said, delayed, about))
    return found


def _bounce(address: str, words: str, said: str, delayed: bool, about: str) -> Bounce:
    spoken = _server(words) or words
    status, code = codes.status(spoken) or codes.status(words), codes.code(spoken) or codes.code(words)
    action: Action = "delayed" if delayed else "failed"
    told = next((text for text in (spoken, words, said if not status else "") if text and reasons.spoken(text)), "")
    reason = reasons.reason(
        told, status, code, action, after_data=reasons.after_data(words) or reasons.after_data(said)
    )
    if not status and code.startswith("4"):
        status = ""
    return Bounce(
        address=address, reason=reason, action=action, status=status, code=code,
        hard=reason in HARD and not delayed and not status.startswith("4"),
        words=" ".join(spoken.split())[:1_000], message_id=about,
    )  # fmt: skip


def _server(words: str) -> str:
    """The lines in which the other server speaks: with a number, and what goes on below it."""
    kept: list[str] = []
    lines = words.split("\n")
    for number, line in enumerate(lines):
        if codes.status(line) or codes.code(line):
            kept.extend([_SAID.sub("", line), *lines[number + 1 : number + 3]])
    return "\n".join(dict.fromkeys(kept))


def _recipients(mail: Mail, said: str) -> list[str]:
    told = mail.header("x-failed-recipients")
    if told:
        return [one.address for one in addresses.read(told)]
    own = {one.key for one in (*mail.to, *mail.authors, *mail.reply_to)}
    alone: dict[str, str] = {}
    named: dict[str, str] = {}
    any_of: dict[str, str] = {}
    for line in said.split("\n"):
        if "@" not in line or len(line) > 2_000 or _OF_THE_SENDER.search(line):
            continue
        for match in _ADDRESS.finditer(line):
            address = match[1].rstrip(".")
            key = address.casefold()
            if key in own:
                continue
            any_of.setdefault(key, address)
            if _ALONE.match(line):
                alone.setdefault(key, address)
            elif _NAMES.search(line):
                named.setdefault(key, address)
    return list((alone or named or any_of).values())


def _addressed(mail: Mail, returned: str) -> list[str]:
    """A server that bounces to itself: the recipient's own address is all there is."""
    own = [one.address for one in mail.to]
    return own[:1] if any(address.casefold() in mail.text.casefold() for address in own) else [""]


def _words_about(said: str, address: str, others: list[str], number: int) -> str:
    """From the place where it is named to where the next one is; what stands before the first is for all."""
    folded = said.casefold()
    pieces: list[str] = []
    at = folded.find(address.casefold())
    while at >= 0 and len(pieces) < 5:
        stops = [stop for other in others if (stop := folded.find(other.casefold(), at)) > 0]
        start = folded.rfind("\n", 0, at) + 1
        pieces.append(said[start : min([*stops, at + 1_500])])
        at = folded.find(address.casefold(), at + 1_500 if not stops else max(min(stops), at + 1))
    return "\n".join(pieces) or said
