"""What was understood of a mail, as the house takes it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec
from django.utils.translation import gettext as _

from careline.channels import adapter, history, letters
from careline.channels.adapter import Endpoint, Receipt, Unneeded
from careline.channels.email import automatic, mailbox, past, remarks, returned, threads
from careline.channels.email.addresses import Address
from careline.channels.email.bounces import Bounce
from careline.channels.email.mail import Mail
from careline.channels.email.trimming import Reply
from careline.channels.email.understanding import Understood
from careline.channels.email.writing.automatic import loop_mark
from careline.channels.letters import INSISTED
from careline.kit.sentences import lasting

LONGEST_BODY = 50_000
SUBJECT = 500
MOST_PARTIES = 200
# Machines that say nothing but in answer to us.
_ANSWERS = {"out-of-office", "answer", "server"}


def items(
    inbox: Endpoint, found: Understood, raw: bytes, headers: Mapping[str, str]
) -> Sequence[adapter.Inbound | Receipt]:
    """Raises Unneeded when nothing comes of it."""
    mail = found.mail
    at = _moment(headers.get("x-received-at", ""))
    if history.HEADER in headers:
        return [_past(inbox, found, raw, headers)]
    if mail.unread:
        return [_unread(mail, raw, at)]
    if headers.get(INSISTED):
        return [_message(inbox, found, at, "")]
    own = mailbox.addresses(inbox)
    if mail.author is not None and mail.author.key in own and threads.message_of(mail.message_id) is not None:
        raise Unneeded(lasting("This mailbox sent it itself."))
    machine = automatic.automatic(mail, loops=(loop_mark(),))
    if machine is not None and machine.kind == "loop":
        raise Unneeded(lasting("An automatic mail of this installation came back."))
    if found.outcome in {"bounce", "report"}:
        return _receipts(found.bounces)
    by_machine = "" if machine is None or machine.kind in automatic.BY_PEOPLE else machine.kind
    return [_message(inbox, found, at, by_machine)]


def _past(inbox: Endpoint, found: Understood, raw: bytes, headers: Mapping[str, str]) -> adapter.Inbound:
    if found.mail.unread:
        return past.dated(_unread(found.mail, raw, None), found, headers, ours=False)
    past.refuse_reports(found)
    machine = automatic.automatic(found.mail, loops=(loop_mark(),))
    by_machine = "" if machine is None or machine.kind in automatic.BY_PEOPLE else machine.kind
    item = _message(inbox, found, None, by_machine)
    return past.dated(item, found, headers, ours=past.is_ours(inbox, found))


def _message(inbox: Endpoint, found: Understood, at: datetime | None, machine: str) -> adapter.Inbound:
    mail = found.mail
    sender = _sender(inbox, mail)
    text, shortened = _words(mail, found.reply)
    forwarded = found.reply.forwarded
    shown = () if found.whole is None else found.whole.shows
    return adapter.Inbound(
        external_id=_clean(mail.key),
        identities=(("email", _clean(sender.address)),) if sender is not None and sender.address else (),
        name=_clean(sender.name) if sender is not None else "",
        text=text,
        sent_at=at,
        attachments=tuple(
            adapter.Attachment(
                _clean(one.name), one.media_type, one.content, _clean(one.content_id) if one.content_id in shown else ""
            )
            for one in mail.attachments
        ),
        subject=_clean(mail.subject)[:SUBJECT],
        letter=letter(
            mail, sender, shortened=shortened, machine=machine, rich=found.whole is not None and found.whole.rich
        ),
        original=_original(found, shortened),
        forwarded=None if forwarded is None else _party(forwarded),
        threading=partial(threads.matched, mail, reopens=mailbox.reopens(inbox), inside=mailbox.looks_inside(inbox)),
        # Whose loop it is does not matter here.
        # Asked only where there is something to say.
        answerable=bool(inbox.settings.get("acknowledgement") or inbox.settings.get("acknowledgement_closed"))
        and automatic.answerable(mail, own=mailbox.addresses(inbox)),
        overheard=bool(machine),
        opens=machine not in _ANSWERS,
    )


def letter(
    mail: Mail, sender: Address | None, *, shortened: bool = False, machine: str = "", rich: bool = False
) -> letters.Letter:
    return letters.Letter(
        sender=None if sender is None else _party(sender),
        to=_parties(mail.to),
        cc=_parties(mail.cc),
        bcc=_parties(mail.bcc),
        reply_to=_parties(mail.reply_to),
        subject=_clean(mail.subject)[:SUBJECT],
        written_at=mail.sent_at,
        message_id=_clean(mail.message_id),
        in_reply_to=_clean(next(iter(mail.in_reply_to), "")),
        references=tuple(_clean(one) for one in threads.answering_mail(mail).references[:-1]),
        shortened=shortened,
        rich=rich,
        protection=mail.protection,
        invitations=tuple(msgspec.to_builtins(one) for one in mail.invitations),
        remarks=mail.remarks,
        automatic=machine,
    )


def _sender(inbox: Endpoint, mail: Mail) -> Address | None:
    """A group that passes mail on names the author; a contact form may name them in Reply-To."""
    if mail.original_author is not None:
        return mail.original_author
    own = mailbox.addresses(inbox)
    others = [one for one in mail.reply_to if one.key not in own]
    from_us = mail.author is not None and mail.author.key in own
    if others and (from_us or mail.author is None or inbox.settings.get("reply_to_is_sender")):
        return others[0]
    return mail.author


def _words(mail: Mail, reply: Reply) -> tuple[str, bool]:
    """What is new; the whole where nothing seems to be, as in a mail that only passes something on."""
    whole = _clean(mail.text)
    new = _clean(reply.reply).strip("\n")
    shortened = bool(new.strip()) and new.strip() != whole.strip()
    text = new if shortened else whole
    if len(text) <= LONGEST_BODY:
        return text, shortened
    return text[: LONGEST_BODY - 1] + "…", True


def _original(found: Understood, shortened: bool) -> adapter.Attachment | None:
    if found.whole is not None and found.whole.html.strip():
        return adapter.Attachment("letter.html", "text/html", _clean(found.whole.html).encode())
    if shortened and found.mail.text:
        return adapter.Attachment("letter.txt", "text/plain", _clean(found.mail.text).encode())
    return None


def _unread(mail: Mail, raw: bytes, at: datetime | None) -> adapter.Inbound:
    why = remarks.sentence(mail.unread)
    text = _("This mail could not be read: %(why)s The original is attached.") % {"why": why}
    sender = mail.author
    return adapter.Inbound(
        external_id=_clean(mail.key),
        identities=(("email", _clean(sender.address)),) if sender is not None and sender.address else (),
        name=_clean(sender.name) if sender is not None else _("Unknown sender"),
        text=text,
        sent_at=at,
        attachments=(adapter.Attachment("original.eml", "message/rfc822", raw),) if raw else (),
        subject=_clean(mail.subject)[:SUBJECT] or _("A mail that could not be read"),
        letter=letter(mail, sender),
        threading=partial(threads.matched, mail),
        unread=mail.unread,
    )


def _receipts(bounces: Sequence[Bounce]) -> list[Receipt]:
    """Only what names a message that this installation signed is believed: anybody can write a bounce."""
    ours = [one for one in bounces if threads.message_of(one.message_id) is not None]
    if not ours:
        raise Unneeded(lasting("A mail server reports on a mail that is not of this installation."))
    return [receipt for one in ours if (receipt := returned.told(one)) is not None]


def _parties(addresses: Sequence[Address]) -> tuple[letters.Party, ...]:
    return tuple(_party(one) for one in addresses[:MOST_PARTIES] if one.address)


def _party(one: Address) -> letters.Party:
    return letters.Party(_clean(one.address), _clean(one.name))


def _clean(words: str) -> str:
    """As the database can hold it."""
    return words if words.isascii() and "\0" not in words else words.replace("\0", "").encode(errors="ignore").decode()


def _moment(written: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(written) if written else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None
