"""Mails that come to a mailbox of the house, for looking at them at the desk."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import make_msgid

from careline.channels import inbound
from careline.channels.models import Inbound, Inbox
from careline.service.conversations.models import Message

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000002800000018080200000007e62897000000284944415478da6310c9ab1810c4306af1a8c5"
    "a3168f5a3c6af1a8c5a3168f5a3c6af1a8c5c3c762002de3a9aeb6b2c3f70000000049454e44ae426082"
)
INVITATION = """BEGIN:VCALENDAR\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
UID:1@example.com\r
SUMMARY:Fitting the lamp\r
DTSTART;TZID=W. Europe Standard Time:20260302T093000\r
DTEND;TZID=W. Europe Standard Time:20260302T103000\r
LOCATION:Harbor Street 4\r
ORGANIZER:mailto:ada@example.com\r
END:VEVENT\r
END:VCALENDAR\r
"""


def mail(text: str = "Where is my lamp?", html: str = "", **headers: str) -> EmailMessage:
    made = EmailMessage()
    given = {
        "From": "Ada Moreau <ada@example.com>", "To": "help@shop.example", "Subject": "Lamp",
        "Message-ID": make_msgid(domain="example.com"), "Date": "Mon, 02 Mar 2026 09:30:00 +0000",
    }  # fmt: skip
    for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        made[name] = value
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made


def picture(made: EmailMessage, name: str = "kettle@example.com", content: bytes = PNG) -> EmailMessage:
    """Beside the HTML of a mail, which shows it as cid:name."""
    part = made.get_payload()[1]
    part.add_related(content, maintype="image", subtype="png", cid=f"<{name}>", filename="kettle.png")
    return made


def arrive(inbox: Inbox, *mails: EmailMessage | bytes) -> Message:
    """The message that the last of them became."""
    for one in mails:
        raw = one if isinstance(one, bytes) else bytes(one)
        inbound.keep(inbox.pk, f"key-{Inbound.objects.count()}", raw, {})
    while inbound.take():
        pass
    assert list(Inbound.objects.filter(state="failed").values_list("error", flat=True)) == []
    return Message.objects.exclude(kind="system").order_by("created_at", "seq").last()  # type: ignore[return-value]
