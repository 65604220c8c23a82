"""All that is made of one mail, decided in one place: what it is, what is new in it, who wrote it, what came back."""

from __future__ import annotations

from typing import Literal

import msgspec

from careline.channels.email import reading, trimming
from careline.channels.email.automatic import BY_PEOPLE, Automatic, automatic
from careline.channels.email.bounces import Bounce, bounces
from careline.channels.email.cleaning import Cleaned
from careline.channels.email.mail import Mail
from careline.channels.email.trimming import Reply

Outcome = Literal["new", "reply", "bounce", "auto", "report", "unreadable"]


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    mail: Mail
    outcome: Outcome
    reply: Reply
    # The same of the HTML, when there is some.
    html_reply: Reply | None = None
    automatic: Automatic | None = None
    bounces: tuple[Bounce, ...] = ()
    # The HTML as it may be shown; a reader's process brings it after the rest (pool.py).
    whole: Cleaned | None = None


def understood(raw: bytes) -> Understood:
    """Never fails, as reading never does; a step that goes wrong leaves the whole text and says so."""
    mail = reading.read(raw)
    remarks = list(mail.remarks)
    try:
        found = () if mail.unread else tuple(bounces(mail))
    except Exception:
        found, remarks = (), [*remarks, "bounces-failed"]
    try:
        reply, html_reply = trimming.trimmed(mail.text, mail.html, made_of_html=mail.made_of_html)
    except Exception:
        reply, html_reply, remarks = Reply(mail.text), None, [*remarks, "trimming-failed"]
    try:
        machine = automatic(mail)
    except Exception:
        machine, remarks = None, [*remarks, "machine-failed"]
    if remarks != list(mail.remarks):
        mail = msgspec.structs.replace(mail, remarks=tuple(remarks))
    return Understood(
        mail=mail,
        outcome=_outcome(mail, found, machine),
        reply=reply,
        html_reply=html_reply,
        automatic=machine,
        bounces=found,
    )


def undressed(found: Understood) -> Understood:
    """For a mail whose HTML broke the bounds of its reader: its words are there."""
    mail = msgspec.structs.replace(found.mail, remarks=(*found.mail.remarks, "html-failed"))
    return msgspec.structs.replace(found, mail=mail)


def unread(why: str, raw: bytes) -> Understood:
    """For a mail that broke the bounds of its reader."""
    return Understood(mail=reading.unread(why, raw), outcome="unreadable", reply=Reply(""))


def _outcome(mail: Mail, found: tuple[Bounce, ...], machine: Automatic | None) -> Outcome:
    """Only `new` and `reply` come from a person; what a thread makes of `reply` is for those who know the threads."""
    if mail.unread:
        return "unreadable"
    if any(one.action in {"failed", "delayed"} for one in found):
        return "bounce"
    if found or mail.kind == "multipart/report" or (machine and machine.kind == "server" and mail.reports):
        return "report"
    if machine is not None and machine.kind not in BY_PEOPLE:
        return "auto"
    return "reply" if mail.answered else "new"
