"""The steps of a trial in their order; a later one that cannot be tried says on what it waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import Literal
from uuid import uuid4

from django.utils.translation import gettext as _

from careline.channels import letters
from careline.channels.adapter import DeliveryFailed, Endpoint, Outbound
from careline.channels.email import imap, mailbox, outgoing, receiving
from careline.channels.email.trials.advising import advised
from careline.channels.guiding import Check
from careline.channels.satchel import FetchFailed
from careline.kit import clock

# A mail may take longer; nobody waits for it here.
PATIENCE = 60.0
NAP = 1.0
# Folders into which a server puts what it does not trust, by the words in their names.
_JUNK = ("junk", "spam", "bulk", "unerwünscht", "indésirable", "correo no deseado")
_LOOKED_THROUGH = 20

# Sends one mail from the mailbox; nothing for none: it only signs in. Gives the server's words.
Send = Callable[[bytes | None], str]


def checks(inbox: Endpoint, send: Send) -> Iterator[Check]:
    sends = yield from _sending(inbox, send)
    receives = yield from _receiving(inbox)
    yield from _round(inbox, send, sends and receives)


def _sending(inbox: Endpoint, send: Send) -> Generator[Check, None, bool]:
    label = _("Sending (SMTP)")
    if not inbox.settings.get("smtp_host"):
        words, advice = _("There is no server for sending: nothing can be answered."), _("Fill in the SMTP server.")
        yield Check("sending", label, "wrong", words, advice)
        return False
    yield Check("sending", label, "running", _told_of(inbox, "smtp"))
    try:
        words = send(None)
    except DeliveryFailed as failed:
        yield _wrong("sending", label, failed, "smtp", inbox)
        return False
    yield Check("sending", label, "good", words)
    return True


def _receiving(inbox: Endpoint) -> Generator[Check, None, bool]:
    label = _("Receiving (IMAP)")
    if not inbox.settings.get("imap_host"):
        words = _("There is no server for receiving. That is well where mail is brought by SMTP or HTTP.")
        yield Check("receiving", label, "skipped", words, _("Otherwise fill in the IMAP server."))
        return False
    yield Check("receiving", label, "running", _told_of(inbox, "imap"))
    try:
        words = imap.test(receiving.box(inbox))
    except FetchFailed as failed:
        yield _wrong("receiving", label, failed, "imap", inbox)
        return False
    yield Check("receiving", label, "good", words)
    return True


def _round(inbox: Endpoint, send: Send, able: bool) -> Iterator[Check]:
    label = _("There and back")
    if not able:
        yield Check("round", label, "skipped", _("It can be tried once sending and receiving work."))
        return
    yield Check("round", label, "running", _("A mail from the mailbox to itself is on its way. This takes a minute."))
    try:
        line = imap.opened(receiving.box(inbox))
    except FetchFailed as failed:
        yield _wrong("round", label, failed, "imap", inbox)
        return
    try:
        yield _there_and_back(inbox, send, line, label)
    except FetchFailed as failed:
        yield _wrong("round", label, failed, "imap", inbox)
    except DeliveryFailed as failed:
        yield _wrong("round", label, failed, "smtp", inbox)
    finally:
        line.close()


def _there_and_back(inbox: Endpoint, send: Send, line: imap.Line, label: str) -> Check:
    folder = line.mailbox.folder
    before = line.open(folder)
    low = before.next or (line.number_at(before.exists) + 1 if before.exists else 1)
    named, raw = _mail(inbox)
    began = time.monotonic()
    send(raw)
    while True:
        if _is_there(line, folder, low, named):
            words = _("The mail was back after %(seconds)s seconds.")
            return Check("round", label, "good", words % {"seconds": max(1, round(time.monotonic() - began))})
        if time.monotonic() - began > PATIENCE:
            break
        time.sleep(NAP)
    junk = _junk_with(line, named)
    if junk:
        words = _("The mail came back, and was put into the folder %(folder)s.") % {"folder": junk}
        advice = _("Mark it there as no spam, and look at what the DNS says of the domain.")
        return Check("round", label, "late", words, advice)
    words = _("The mail was taken by the server and is still on its way after %(seconds)s seconds.")
    advice = _("That happens. Look into the mailbox in a few minutes; try again when it is not there.")
    return Check("round", label, "late", words % {"seconds": round(PATIENCE)}, advice)


def _mail(inbox: Endpoint) -> tuple[str, bytes]:
    """Its id, and the mail. It carries our mark, by which it never becomes a conversation."""
    own = letters.Party(mailbox.address(inbox), mailbox.sender_name(inbox))
    message = uuid4()
    outbound = Outbound(
        key=f"trial:{message}",
        recipient=own.address,
        text=_("Careline has sent this mail to see whether it comes back. It can be deleted."),
        created_at=clock.now(),
        message=message,
        letter=letters.Letter(to=(own,), subject=_("Careline tries this mailbox")),
        automatic=True,
    )
    return outgoing.named(inbox, outbound), outgoing.written(inbox, outbound)[1]


def _is_there(line: imap.Line, folder: str, low: int, named: str) -> bool:
    line.open(folder)
    found = line.listed(low, low + _LOOKED_THROUGH * 10)
    return any(named.strip("<>").encode() in line.head(uid) for uid in list(found)[-_LOOKED_THROUGH:])


def _junk_with(line: imap.Line, named: str) -> str:
    with suppress(FetchFailed):
        for folder in line.folders():
            if any(word in folder.casefold() for word in _JUNK):
                last = line.number_at(exists) if (exists := line.open(folder).exists) else 0
                if last and _is_there(line, folder, max(1, last - _LOOKED_THROUGH), named):
                    return folder
    return ""


def _told_of(inbox: Endpoint, way: Literal["imap", "smtp"]) -> str:
    host, port = inbox.settings.get(f"{way}_host", ""), inbox.settings.get(f"{way}_port", "")
    return _("Signing in at %(host)s, port %(port)s.") % {"host": host, "port": port}


def _wrong(
    name: str, label: str, failed: DeliveryFailed | FetchFailed, way: Literal["imap", "smtp"], inbox: Endpoint
) -> Check:
    advice, link = advised(failed, way, inbox)
    return Check(name, label, "wrong", failed.reason, advice, link)
