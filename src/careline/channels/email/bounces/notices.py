"""Notices of a sending service that arrive as mails with JSON in them (Amazon SES by way of its notifications)."""

from __future__ import annotations

import msgspec

from careline.channels.email.bounces import codes, reasons
from careline.channels.email.bounces.bounce import HARD, Bounce

_LARGEST = 200_000


class Recipient(msgspec.Struct, rename="camel"):
    email_address: str = ""
    status: str = ""
    action: str = "failed"
    diagnostic_code: str = ""


class Returned(msgspec.Struct, rename="camel"):
    bounce_type: str = ""
    bounced_recipients: list[Recipient] = []
    complained_recipients: list[Recipient] = []


class Sent(msgspec.Struct, rename="camel"):
    message_id: str = ""


class Notice(msgspec.Struct, rename="camel"):
    notification_type: str
    bounce: Returned | None = None
    complaint: Returned | None = None
    mail: Sent | None = None


class Envelope(msgspec.Struct, rename="pascal"):
    message: str


def read(text: str) -> list[Bounce]:
    begin = text.find("{", 0, 2_000)
    if begin < 0 or "notificationType" not in text[begin : begin + 2_000]:
        return []
    line = text[begin:_LARGEST].split("\n\n", 1)[0].replace("\n", "").strip()
    try:
        if '"Message"' in line[:2_000]:
            line = msgspec.json.decode(line.encode(), type=Envelope).message
        notice = msgspec.json.decode(line.encode(), type=Notice)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return []
    about = notice.mail.message_id if notice.mail else ""
    found = [_bounce(one, about) for one in (notice.bounce.bounced_recipients if notice.bounce else [])]
    complained = notice.complaint.complained_recipients if notice.complaint else []
    return found + [
        Bounce(address=one.email_address, reason="complaint", action="complained", message_id=about)
        for one in complained
    ]


def _bounce(one: Recipient, about: str) -> Bounce:
    status, code = codes.status(one.status or one.diagnostic_code), codes.code(one.diagnostic_code)
    delayed = one.action == "delayed"
    reason = reasons.reason(one.diagnostic_code, status, code, "delayed" if delayed else "failed")
    return Bounce(
        address=one.email_address, reason=reason, action="delayed" if delayed else "failed", status=status,
        code=code, hard=reason in HARD and not delayed and not status.startswith("4"),
        words=one.diagnostic_code[:1_000], message_id=about,
    )  # fmt: skip
