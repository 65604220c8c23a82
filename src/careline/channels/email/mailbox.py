"""A mailbox's settings: the lines of its screen, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal, cast

from django.utils.translation import gettext as _

from careline.channels.adapter import Endpoint, Field
from careline.channels.email import dkim, grouping, signature
from careline.channels.email.sending import Server
from careline.channels.email.writing import domains
from careline.channels.letters import Party, Stationery, Writer
from careline.kit import contacts
from careline.kit.refusals import Refused

Security = Literal["tls", "starttls", "none"]
SIGNATURE = 5_000
MB = 1_000_000
# What nearly every server takes.
ROOM = 20


def schema() -> tuple[Field, ...]:
    return grouping.grouped(_fields())


def _fields() -> tuple[Field, ...]:
    secure = (("tls", _("TLS")), ("starttls", "STARTTLS"), ("none", _("None")))
    return (
        Field("address", _("Address"), hint=_("Customers write to it, and get their answers from it."), required=True),
        Field("sender", _("Name customers see"), hint=_("Empty: the name of the inbox.")),
        Field("aliases", _("Further addresses"), "lines", hint=_("That lead here too, one a line.")),
        Field(
            "sign_in",
            _("Sign in"),
            "choice",
            default="password",
            choices=(("password", _("With a password")), ("google", "Google"), ("microsoft", "Microsoft 365")),
        ),
        Field("imap_host", _("Server for receiving (IMAP)"), hint=_("Empty: mail comes in another way.")),
        Field("imap_port", _("Port"), "number", default=993, least=1, most=65535),
        Field("imap_security", _("Encryption"), "choice", default="tls", choices=secure),
        Field("imap_user", _("User"), hint=_("Empty: the address.")),
        Field("imap_password", _("Password"), "password"),
        Field("imap_folder", _("Folder"), default="INBOX"),
        Field("imap_old", _("Take in what is there already"), "flag", hint=_("Otherwise only what comes from now on.")),
        Field("smtp_host", _("Server for sending (SMTP)"), hint=_("Empty: nothing can be answered.")),
        Field("smtp_port", _("Port"), "number", default=465, least=1, most=65535),
        Field("smtp_security", _("Encryption"), "choice", default="tls", choices=secure),
        Field("smtp_user", _("User"), hint=_("Empty: as for receiving.")),
        Field("smtp_password", _("Password"), "password", hint=_("Empty: as for receiving.")),
        Field("authority", _("Own certificate authority"), "paragraph", hint=_("PEM, for servers of the house."),
              limit=100_000),
        Field("per_minute", _("Mails a minute at most"), "number", default=60, least=1, most=100_000),
        Field("signature", _("Signature"), "paragraph", limit=SIGNATURE,
              hint=_("{name} is whoever writes, {signature} their own signature. Empty: their own alone.")),
        Field("quote", _("Put the customer's mail below the answer"), "flag", default=True),
        Field("attachments_mb", _("Files of one mail, in MB"), "number", default=ROOM, least=1, most=100,
              hint=_("Most mail servers take no more than 20 to 25.")),
        Field("number", _("Put the conversation's number into the subject"), "flag"),
        Field("reopen_days", _("Days after which an answer begins a new conversation"), "number", default=30,
              hint=_("Counted from when it was resolved; 0: never."), most=3650),
        Field("look_inside", _("Look into text and attached files too"), "flag", default=True,
              hint=_("For answers that come without their headers. Only what this installation signed counts there; a "
                     "number never does.")),
        Field("reply_to_is_sender", _("Whoever stands in Reply-To is the customer"), "flag",
              hint=_("For contact forms that write from an address of their own.")),
        Field("form", _("Public contact form"), "flag",
              hint=_("A page of its own, where people write without a mail program.")),
        Field("form_words", _("Words above the form"), "paragraph", limit=2_000),
        Field("acknowledgement", _("Automatic first answer"), "paragraph", limit=SIGNATURE,
              hint=_("Sent once to whoever begins a conversation; empty: none.")),
        Field("acknowledgement_closed", _("The same outside your hours"), "paragraph", limit=SIGNATURE,
              hint=_("Instead of it while the inbox is closed; {opening} becomes the time it opens.")),
        Field("answers_per_hour", _("Automatic answers an hour at most"), "number", default=100, least=1, most=10_000,
              hint=_("Beyond it they stop, and whoever manages inboxes is told.")),
        Field("dkim_selector", _("DKIM selector"), hint=_("Empty: the mail server signs.")),
        Field("dkim_key", _("DKIM key"), "password", limit=10_000),
        Field("client_id", _("OAuth client id")),
        Field("client_secret", _("OAuth client secret"), "password"),
        Field("tenant", _("Microsoft tenant"), default="common", hint=_("“common”, or the one the client id is of.")),
        Field("refresh_token", _("OAuth refresh token"), "password", limit=10_000),
    )  # fmt: skip


def check(settings: Mapping[str, Any]) -> None:
    """What the fields cannot say alone."""
    for name in ("address", "aliases"):
        given = settings.get(name) or []
        for one in [given] if isinstance(given, str) else given:
            try:
                contacts.email_key(one)
            except Refused as refusal:
                raise Refused(str(refusal), field=name) from refusal
    for way in ("imap", "smtp"):
        host = settings.get(f"{way}_host", "")
        if any(letter.isspace() or letter in "/:@" for letter in host):
            raise Refused(_("A server's name looks like mail.example.com."), field=f"{way}_host")


def address(inbox: Endpoint) -> str:
    return str(inbox.settings.get("address", ""))


def domain(inbox: Endpoint) -> str:
    """Behind the @, as servers write it."""
    return domains.wire(address(inbox)).rpartition("@")[2]


def dkim_key(inbox: Endpoint) -> dkim.Key | None:
    selector, private = str(inbox.settings.get("dkim_selector", "")), inbox.credentials.get("dkim_key", "")
    return dkim.Key(domain(inbox), selector, private) if selector and private else None


def addresses(inbox: Endpoint) -> frozenset[str]:
    """All that lead here, folded."""
    return frozenset(one.casefold() for one in (address(inbox), *inbox.settings.get("aliases", ())) if one)


def sender_name(inbox: Endpoint) -> str:
    return str(inbox.settings.get("sender") or inbox.name)


def stationery(inbox: Endpoint, writer: Writer) -> Stationery:
    given = inbox.settings
    return Stationery(
        sender=Party(address(inbox), sender_name(inbox)),
        signature=signature.below(str(given.get("signature", "")), writer, sender_name(inbox)),
        quotes=bool(given.get("quote", True)),
        room=int(given.get("attachments_mb", ROOM)) * MB,
    )


def looks_inside(inbox: Endpoint) -> bool:
    """Whether an answer is known by more than its headers."""
    return bool(inbox.settings.get("look_inside", True))


def reopens(inbox: Endpoint) -> timedelta | None:
    days = int(inbox.settings.get("reopen_days", 30))
    return timedelta(days=days) if days else None


def smtp(inbox: Endpoint, token: str = "") -> Server:
    """The way out; `token` instead of the password where the provider wants one."""
    given, kept = inbox.settings, inbox.credentials
    return Server(
        host=str(given.get("smtp_host", "")),
        port=int(given.get("smtp_port", 465)),
        security=cast(Security, given.get("smtp_security", "tls")),
        user=user(inbox, "smtp") if token or kept.get("smtp_password") or kept.get("imap_password") else "",
        password="" if token else kept.get("smtp_password") or kept.get("imap_password", ""),
        token=token,
        authority=str(given.get("authority", "")),
        name=domain(inbox) or "localhost",
        per_minute=int(given.get("per_minute", 60)),
    )


def user(inbox: Endpoint, way: Literal["imap", "smtp"]) -> str:
    given = inbox.settings
    return str(given.get(f"{way}_user") or given.get("imap_user") or address(inbox))
