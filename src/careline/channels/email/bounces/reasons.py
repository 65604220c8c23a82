"""Why a mail came back, from the words and numbers of mail servers: a table of phrases, then one of numbers.

Phrases come first, since many servers give the same number to everything. They are looked for in the order of the
table: what is told most exactly stands before what is only a frame around it.
"""

from __future__ import annotations

import re
from functools import cache

from careline.channels.email.bounces.bounce import Reason
from careline.channels.email.bounces.phrases import PHRASES

LONGEST = 6_000
# Answers of several lines carry their number in each: `550-5.2.1 at a rate that 550-5.2.1 prevents`.
_REPEATED = re.compile(r"(?<=[\s])[245]\d\d-(?:[245]\.\d{1,3}\.\d{1,3}\b)?")
_AFTER_DATA = re.compile(
    r"in reply to (?:end of )?data|smtp command\s{1,20}data\b|(?:error from remote .{0,30}|"
    r"server )after (?:end of )?data"
)
_GENERIC = re.compile(r"user ?unknown|unknown user|no such user|unknown recipient|recipient unknown")
_COMMAND = re.compile(r"^[ \t>]{0,4}>>> ?(\w{4})|^[ \t>]{0,4}(<<<)", re.MULTILINE)
_BLANKS = re.compile(r"\s+")
# RFC 3463 and its registry: class.subject.detail without the class.
_NUMBERS: dict[str, Reason] = {
    "1.1": "user_unknown", "1.0": "user_unknown", "1.3": "user_unknown", "1.6": "user_unknown", "1.10": "host_unknown",
    "1.2": "host_unknown", "1.4": "other", "1.7": "rejected", "1.8": "rejected", "1.9": "rejected",
    "2.1": "rejected", "2.2": "mailbox_full", "2.3": "rejected", "2.0": "rejected",
    "3.4": "rejected", "3.1": "other", "3.2": "blocked",
    "4.0": "expired", "4.1": "expired", "4.2": "expired", "4.4": "host_unknown", "4.5": "expired", "4.6": "expired",
    "4.7": "expired", "6.0": "rejected", "6.1": "rejected",
    "7.0": "rejected", "7.1": "rejected", "7.8": "rejected", "7.9": "rejected", "7.13": "other",
    "7.20": "blocked", "7.21": "blocked", "7.22": "blocked", "7.23": "blocked", "7.24": "blocked", "7.25": "blocked",
    "7.26": "blocked", "7.27": "host_unknown", "7.28": "blocked", "7.29": "blocked",
}  # fmt: skip
# It is the sender's address they do not like, whatever words they use.
_SENDER = {"1.7", "1.8"}
_CODES: dict[str, Reason] = {"552": "mailbox_full", "551": "user_unknown", "553": "rejected"}


def reason(words: str, status: str = "", code: str = "", action: str = "failed", *, after_data: bool = False) -> Reason:
    """The class that fits best; "other" when nothing says.

    A server that took the recipient and calls it unknown after the contents did so because of the contents: a filter.
    """
    if status[2:] in _SENDER:
        return "rejected"
    said = spoken(words)
    if said:
        filtered = after_data and not status[2:].startswith("1.") and _GENERIC.search(words[:LONGEST].casefold())
        return "rejected" if said == "user_unknown" and filtered else said
    if status[2:] in _NUMBERS:
        return _NUMBERS[status[2:]]
    if code in _CODES:
        return _CODES[code]
    return "expired" if action == "delayed" or status.startswith("4.4") else "other"


def spoken(words: str) -> Reason | None:
    text = _BLANKS.sub(" ", _REPEATED.sub(" ", words[:LONGEST].casefold()))
    for found, pattern in _patterns():
        if pattern.search(text):
            return found
    return None


@cache
def _patterns() -> tuple[tuple[Reason, re.Pattern[str]], ...]:
    return tuple((found, re.compile("|".join(phrases))) for found, phrases in PHRASES)


def after_data(text: str) -> bool:
    """Whether the refusal answered the contents and not the recipient, as far as the transcript shows it."""
    if _AFTER_DATA.search(text[:LONGEST].casefold()):
        return True
    commands = [match[1].casefold() for match in _COMMAND.finditer(text[:LONGEST]) if match[1]]
    return bool(commands) and commands[-1] == "data"
