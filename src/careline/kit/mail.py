"""Mail to agents (invitations, resets): where it goes is said by EMAIL_URL."""

import smtplib
import ssl
import sys
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from careline.kit import clock, contacts, ids

SECONDS = 20


class Enclosed(NamedTuple):
    """A file that goes along; `type` is its media type."""

    name: str
    type: str
    content: bytes


class Sent(NamedTuple):
    to: str
    subject: str
    text: str
    enclosed: tuple[Enclosed, ...] = ()


# What memory:// received, for tests.
outbox: list[Sent] = []


class NotSent(Exception):
    """The mail did not leave; the sentence names the server's word and no person."""


def send(to: str, subject: str, text: str, enclosed: Sequence[Enclosed] = ()) -> None:
    address = urlsplit(settings.EMAIL_URL)
    contacts.email_key(to)
    message = EmailMessage(policy=SMTP)
    message["From"] = _sender(address)
    message["To"] = to.strip()
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=_sender(address).rpartition("@")[2])
    # Keeps holiday answers from coming back.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    for one in enclosed:
        main, _slash, sub = one.type.partition("/")
        message.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
    try:
        _WAYS[address.scheme](address, message, text)
    except (OSError, smtplib.SMTPException) as error:
        # The server's own sentence may repeat the address, so only its code is told.
        code = getattr(error, "smtp_code", None)
        told = _("the mail server answered %(code)s") % {"code": code} if code else type(error).__name__
        raise NotSent(_("The mail could not be sent: %(reason)s.") % {"reason": told}) from error


def _sender(address: SplitResult) -> str:
    given = parse_qs(address.query).get("from")
    if given:
        return given[0]
    host = urlsplit(getattr(settings, "CARELINE_BASE_URL", "")).hostname or "localhost"
    return f"careline@{host}"


def _by_smtp(address: SplitResult, message: EmailMessage, text: str) -> None:
    host, wants = address.hostname or "localhost", parse_qs(address.query).get("tls", [""])[0]
    context = _tls(host)
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, address.port or 465, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, address.port or 25, timeout=SECONDS)
    with server:
        server.ehlo()
        if address.scheme == "smtp" and wants != "0" and (wants == "1" or server.has_extn("starttls")):
            server.starttls(context=context)
            server.ehlo()
        if address.username:
            if not isinstance(server.sock, ssl.SSLSocket) and wants != "0" and not _is_this_machine(host):
                raise NotSent(_("The mail server offers no encryption; if the password may go without, say tls=0."))
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)


def _tls(host: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if _is_this_machine(host):  # a relay beside us usually shows a certificate of its own making
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _to_console(address: SplitResult, message: EmailMessage, text: str) -> None:
    sys.stderr.write(f"To: {message['To']}\nSubject: {message['Subject']}\n\n{text.rstrip()}\n\n")


def _to_folder(address: SplitResult, message: EmailMessage, text: str) -> None:
    folder = Path(unquote(address.path))
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{ids.uuid7()}.eml"
    unfinished = folder / f".{name}"
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(message.as_bytes())
    unfinished.rename(folder / name)  # a reader of the folder never meets half a mail


def _to_memory(address: SplitResult, message: EmailMessage, text: str) -> None:
    enclosed = [
        Enclosed(one.get_filename("") or "", one.get_content_type(), _bytes(one.get_payload(decode=True)))
        for one in message.iter_attachments()
    ]
    outbox.append(Sent(message["To"], message["Subject"], text, tuple(enclosed)))


def _bytes(content: object) -> bytes:
    assert isinstance(content, bytes)
    return content


_WAYS: dict[str, Callable[[SplitResult, EmailMessage, str], None]] = {
    "smtp": _by_smtp,
    "smtps": _by_smtp,
    "console": _to_console,
    "file": _to_folder,
    "memory": _to_memory,
}
