"""What somebody wrote in the public form, as the mail they might have sent; it then goes the way of every mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime

import msgspec
from django.utils.translation import gettext as _

from careline.channels import adapter
from careline.channels.adapter import Endpoint, Receipt
from careline.channels.email import mailbox
from careline.channels.letters import Filled
from careline.kit.refusals import Refused

REMARK = "by-form"


def made(inbox: Endpoint, filled: Filled, digest: str, at: datetime) -> bytes:
    letter = EmailMessage(policy=SMTPUTF8)
    try:
        letter["From"] = Address(filled.name, addr_spec=filled.address)
    except (ValueError, IndexError) as error:
        raise Refused(_("This does not look like an email address."), field="address") from error
    letter["To"] = Address(mailbox.sender_name(inbox), addr_spec=mailbox.address(inbox))
    letter["Subject"] = filled.subject or _("A message from the contact form")
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = f"<form.{digest}@{mailbox.domain(inbox) or 'localhost'}>"
    letter.set_content(filled.text)
    for one in filled.files:
        main, _slash, sub = one.media_type.partition("/")
        if not sub or main in {"multipart", "message", "text"}:
            main, sub = "application", "octet-stream"
        letter.add_attachment(one.content, main, sub, filename=one.name)
    return letter.as_bytes()


def marked(items: Sequence[adapter.Inbound | Receipt]) -> Sequence[adapter.Inbound | Receipt]:
    """Said at each: the address is what was typed, and nobody has proved it."""
    return [
        msgspec.structs.replace(one, letter=msgspec.structs.replace(one.letter, remarks=(*one.letter.remarks, REMARK)))
        if isinstance(one, adapter.Inbound) and one.letter is not None
        else one
        for one in items
    ]
