"""Numbers in what mail servers say: 5.1.1 (RFC 3463) and 550 (RFC 5321)."""

from __future__ import annotations

import re

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_CODE = re.compile(r"(?<![\d.,:/-])([245][0-5]\d)(?=[ \-:;,.)\]]|$)(?!-?\d)(?!\.\d)", re.MULTILINE)
_BEFORE_CODE = re.compile(
    r"(?:said:|response was:?|returned was:?|error:?|code:?|;|<<<|reply:?|[>\]]:?|^)[ \t]*$", re.IGNORECASE
)


def status(text: str) -> str:
    """The most telling of those in the text: 5.0.0 says less than 5.1.1."""
    found = [".".join(match.groups()) for match in _STATUS.finditer(text[:20_000])]
    found = [one for one in found if one[0] != "2"] or found
    telling = [one for one in found if not one.endswith(".0")]
    somewhat = [one for one in found if not vague(one)]
    return (telling or somewhat or found or [""])[0]


def vague(value: str) -> bool:
    return value.endswith(".0.0") or not value


def code(text: str) -> str:
    """A reply code, rather where a server speaks than anywhere."""
    found = list(_CODE.finditer(text[:20_000]))
    for match in found:
        if _BEFORE_CODE.search(text[max(0, match.start() - 30) : match.start()].rpartition("\n")[2]):
            return match[1]
    return found[0][1] if found else ""
