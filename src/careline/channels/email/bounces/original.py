"""Which mail of ours it is about."""

from __future__ import annotations

import re

from careline.channels.email import addresses, ids
from careline.channels.email.mail import Mail

_ID = re.compile(r"^[ \t>]{0,8}message-id:[ \t]*\n?[ \t]*(<[^<>\s]{3,500}>)", re.IGNORECASE | re.MULTILINE)
_TOLD = re.compile(r"^(?:x-)?original-message-id:[ \t]*\n?[ \t]*(<?[^<>\s]{3,500}>?)", re.IGNORECASE | re.MULTILINE)
_TO = re.compile(r"^[ \t>]{0,8}to:[ \t]*([^\n]{3,500}(?:\n[ \t]+[^\n]{1,500}){0,20})", re.IGNORECASE | re.MULTILINE)
_HEADERS = ("text/rfc822-headers", "message/rfc822-headers", "text/rfc822-header")


def message_id(mail: Mail, returned: str) -> str:
    """From the mail inside, its headers, what the report says, what came back as text, what it is an answer to."""
    for inner in mail.nested:
        if inner.message_id:
            return inner.message_id
    for report in mail.reports:
        pattern = _ID if report.kind in _HEADERS else _TOLD
        if match := pattern.search(report.text):
            return ids.first(match[1]) or match[1]
    for text in (returned, mail.text):
        if match := _ID.search(text):
            return ids.first(match[1])
    return mail.answered[0] if mail.answered else ""


def recipients(mail: Mail, returned: str) -> list[str]:
    """Whom the original was written to: the last resort when the report names nobody."""
    for inner in mail.nested:
        if inner.to:
            return [one.address for one in inner.to]
    for text in (*(report.text for report in mail.reports if report.kind in _HEADERS), returned):
        if match := _TO.search(text):
            return [one.address for one in addresses.read(match[1])]
    return []
