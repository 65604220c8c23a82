"""Mails as customers write them, brought into a mailbox."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import make_msgid

from careline.channels import inbound
from careline.channels.models import Inbound


def written(text: str = "Where is my lamp?", **headers: str) -> EmailMessage:
    made = EmailMessage()
    given = {
        "From": "Ada Lovelace <ada@example.com>", "To": "help@shop.example", "Subject": "Lamp",
        "Message-ID": make_msgid(domain="example.com"), "Date": "Mon, 02 Mar 2026 09:30:00 +0000",
    }  # fmt: skip
    for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        made[name] = value
    made.set_content(text)
    return made


def arrive(inbox_id: int, *mails: EmailMessage | bytes) -> None:
    for one in mails:
        raw = one if isinstance(one, bytes) else bytes(one)
        inbound.keep(inbox_id, f"key-{Inbound.objects.count()}", raw, {})
    while inbound.take():
        pass
    assert not Inbound.objects.filter(state="failed").values_list("error", flat=True)
