"""A mail of earlier years as the house takes it in: also what we wrote, and nothing that a server reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from careline.channels import adapter
from careline.channels.adapter import Endpoint, Unneeded
from careline.channels.email import mailbox, threads
from careline.channels.email.history.order import sane
from careline.channels.email.understanding import Understood
from careline.channels.letters import Party
from careline.kit.sentences import lasting as _


def is_ours(inbox: Endpoint, found: Understood) -> bool:
    author = found.mail.author
    return author is not None and author.key in mailbox.addresses(inbox)


def refuse_reports(found: Understood) -> None:
    if found.outcome in {"bounce", "report"}:
        raise Unneeded(_("A mail server reports on another mail."))
    if threads.message_of(found.mail.message_id) is not None:
        raise Unneeded(_("Careline sent it itself."))


def dated(item: adapter.Inbound, found: Understood, headers: Mapping[str, str], *, ours: bool) -> adapter.Inbound:
    """By its own date, where that can be; else by where it lay."""
    lay = headers.get("x-received-at", "")
    at = sane(found.mail.sent_at, datetime.fromisoformat(lay) if lay else None)
    letter = item.letter
    author = found.mail.author
    if ours and letter is not None and author is not None:
        letter = msgspec.structs.replace(letter, sender=Party(author.address, author.name))
    return msgspec.structs.replace(item, sent_at=at, ours=ours, letter=letter)
