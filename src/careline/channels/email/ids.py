"""Message ids: what a mail is known by, and what it answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

LONGEST = 500
MOST = 200
_ID = re.compile(r"<([^<>]{1,2000})>")
_BLANK = re.compile(r"\s+")
_ISSUE = re.compile(r"(JIRA\.\d+\.\d+)\.[^@]{1,200}(@.+)", re.IGNORECASE)


def first(value: str) -> str:
    found = every(value)
    return found[0] if found else ""


def every(value: str) -> list[str]:
    """Ids without their brackets, in the order they stand; words of old clients between them are passed over."""
    inside = [_id(match) for match in _ID.findall(value)]
    if not inside and "<" not in value:
        inside = [_id(word) for word in value.replace(",", " ").split() if "@" in word]
    elif not inside and "@" in value:
        inside = [_id(value.replace("<", ""))]
    return [found for found in inside if found]


def newest_first(values: Iterable[str]) -> tuple[str, ...]:
    """References, the last first; a list that was cut keeps its newest."""
    found: dict[str, None] = {}
    for value in reversed([one for text in values for one in every(text)]):
        found.setdefault(thread(value))
        if len(found) >= MOST:
            break
    return tuple(found)


def thread(value: str) -> str:
    """One id for the many that some trackers give to one message, a new one for each recipient."""
    issue = _ISSUE.fullmatch(value)
    return issue[1] + issue[2] if issue else value


def without_one(date: str, sender: str, to: str, subject: str, body: bytes) -> str:
    """The key of a message that has no id; line ends and a last blank line are the transport's, not its own."""
    digest = hashlib.sha256()
    for value in (date, sender, to, subject):
        digest.update(_BLANK.sub(" ", value).strip().encode("utf-8", "replace") + b"\0")
    digest.update(body.replace(b"\r\n", b"\n").rstrip())
    return f"sha256:{digest.hexdigest()}"


def _id(value: str) -> str:
    """Ids of unusual length keep their beginning and a digest, so that two stay two."""
    value = _BLANK.sub("", value)
    if len(value) > LONGEST:
        value = value[: LONGEST - 70] + "~" + hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()
    return value
