"""A letter to begin with, and two witnesses that read what was made of it."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast
from uuid import UUID

from careline.channels.email.addresses import Address
from careline.channels.email.writing import Letter

MESSAGE = UUID("019a8f00-0000-7000-8000-000000000001")
HELP = Address("help@shop.example", "Lamp Shop")
ADA = Address("ada@example.com", "Ada Lovelace")


def letter(**rest: Any) -> Letter:
    given: dict[str, Any] = {
        "sender": HELP,
        "to": (ADA,),
        "subject": "Re: Lamp",
        "text": "Hello Ada,\n\nit is on its way.",
        "message": MESSAGE,
        "written_at": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    }
    return Letter(**(given | rest))


def parsed(raw: bytes) -> EmailMessage:
    """By Python's own parser, which is no relative of ours."""
    return cast(EmailMessage, message_from_bytes(raw, policy=default))


def body(raw: bytes, kind: str) -> str:
    found = parsed(raw).get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")
