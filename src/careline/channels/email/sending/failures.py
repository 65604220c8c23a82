"""What a mail server says when it does not take a mail, in words an agent understands, and whether to try again."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from typing import Literal

from careline.channels.adapter import DeliveryFailed, Missed
from careline.kit import text
from careline.kit.sentences import Sentence, joined
from careline.kit.sentences import lasting as _

# Of X509_V_ERR_*: what is wrong with a certificate.
_EXPIRED, _NOT_YET, _SELF_SIGNED, _OTHER_NAME = {10}, {9}, {18, 19, 20, 21}, {62, 64}
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# RFC 3463 and 7505: nobody there, gone without an address; no such domain, a domain that takes no mail.
_NOBODY: dict[str, Literal["user_unknown", "host_unknown"]] = {
    "5.1.1": "user_unknown", "5.1.6": "user_unknown", "5.1.2": "host_unknown", "5.1.10": "host_unknown",
}  # fmt: skip
_GREY = re.compile(r"gr[ae]y-?list|try again later|temporarily deferred|first time sender", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"user unknown|unknown (?:user|recipient|mailbox|address)|no such (?:user|recipient|mailbox|address)|"
    r"does not exist|doesn't exist|mailbox (?:unavailable|not found)|"
    r"recipient (?:not found|rejected)|invalid recipient",
    re.IGNORECASE,
)
_FULL = re.compile(r"mailbox (?:is )?full|over ?quota|quota exceeded|insufficient storage", re.IGNORECASE)
_SPAM = re.compile(r"spam|blocked|blacklist|blocklist|listed|reputation|policy|dmarc|\bspf\b|dkim", re.IGNORECASE)
_RATE = re.compile(r"too many|rate|limit(?:ed)? exceeded|throttl", re.IGNORECASE)


def connecting(error: Exception, host: str, port: int) -> DeliveryFailed:
    """None is for good: whoever mends the settings within hours finds nothing lost."""
    return DeliveryFailed(_why_not_connected(error) % {"host": host, "port": port, "why": _said_by(error)})


def answered(code: int, said: bytes | str, *, about: str = "") -> DeliveryFailed:
    """An answer of the server to the sender, to a recipient (`about`) or to the mail itself."""
    words = told(said)
    status = found[1] if (found := _STATUS.search(words)) else ""
    permanent = code >= 500
    sentence = _sentence(code, status, words) % {"address": about or _("the recipient"), "code": code}
    return DeliveryFailed(joined(sentence, quoted(words)), permanent=permanent)


def refused(address: str, code: int, said: bytes | str) -> Missed:
    """One recipient who is not taken. The enhanced status decides whether it is the address itself: a server that
    refuses by its rules, or says no more than 550, says nothing about who is there."""
    failed, words = answered(code, said, about=address), told(said)
    # Where it belongs, at the beginning; further on it may be part of a story.
    status = found[1] if code >= 500 and (found := _STATUS.match(words)) else ""
    return Missed(address, failed.said, failed.permanent, _NOBODY.get(status, ""), status, words)


def lost(host: str, error: Exception) -> DeliveryFailed:
    return DeliveryFailed(
        _("The connection to %(host)s broke off: %(why)s")
        % {"host": host, "why": _said_by(error) or type(error).__name__}
    )


def too_large(size: int, limit: int) -> DeliveryFailed:
    named = {"size": f"{size / 1e6:.1f} MB", "limit": f"{limit / 1e6:.1f} MB"}
    return DeliveryFailed(
        _("The mail is too large: it has %(size)s, and the mail server takes %(limit)s.") % named, permanent=True
    )


def told(said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return text.excerpt("".join(one if one.isprintable() else " " for one in words), 200)


def quoted(words: str) -> str:
    return f"“{words}”" if words else ""


def _why_not_connected(error: Exception) -> Sentence:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error.verify_code)
    if isinstance(error, ssl.SSLError):
        return _("The encrypted connection to %(host)s failed; is port %(port)s right for TLS or STARTTLS? %(why)s")
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return _("The mail server %(host)s is not known: is its name spelled right?")
    if isinstance(error, ConnectionRefusedError):
        return _("Nobody answers at %(host)s, port %(port)s.")
    # Python's library says of a server that was silent for too long that it had closed the connection.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return _("%(host)s, port %(port)s, did not answer in time.")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _signing_in(error)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return _("%(host)s closed the connection at once; is port %(port)s right for TLS or STARTTLS?")
    return _("The mail server %(host)s was not reached: %(why)s")


def _certificate(code: int) -> Sentence:
    if code in _EXPIRED:
        return _("The certificate of %(host)s has expired; nothing was sent.")
    if code in _NOT_YET:
        return _("The certificate of %(host)s is not valid yet; nothing was sent.")
    if code in _OTHER_NAME:
        return _("The certificate of %(host)s is for another name; nothing was sent.")
    if code in _SELF_SIGNED:
        return _("The certificate of %(host)s was made by nobody we trust; nothing was sent.")
    return _("The certificate of %(host)s is not good: %(why)s")


def _signing_in(error: smtplib.SMTPAuthenticationError) -> Sentence:
    if error.smtp_code >= 500:
        return _("%(host)s did not accept the name and password of this mailbox. %(why)s")
    return _("%(host)s cannot sign this mailbox in right now. %(why)s")


def _sentence(code: int, status: str, words: str) -> Sentence:
    permanent = code >= 500
    if code == 552 or status.endswith(".2.2") or _FULL.search(words):
        if status.endswith(".3.4") or (code == 552 and not _FULL.search(words)):
            return _("The mail is too large for %(address)s.")
        return _("The mailbox of %(address)s is full.")
    if status.endswith(".3.4"):
        return _("The mail is too large for %(address)s.")
    if permanent and status.startswith("5.1.2"):
        return _("There is no mail server for %(address)s: is the part behind the @ right?")
    if permanent and (status.startswith(("5.1.1", "5.1.10", "5.1.6")) or _UNKNOWN.search(words)):
        return _("%(address)s does not exist.")
    if not permanent and _GREY.search(words):
        return _("The other side asks to be tried again a little later, as it does with senders it does not know yet.")
    if not permanent and _RATE.search(words):
        return _("The mail server takes no more mails right now.")
    if permanent and (status.startswith("5.7") or _SPAM.search(words)):
        return _("The mail server refused the mail by its rules (%(code)s).")
    if permanent:
        return _("%(address)s was refused for good (%(code)s).")
    return _("%(address)s was not taken for now (%(code)s).")


def _said_by(error: Exception) -> str:
    """The server's own words; they may repeat a name, never a password."""
    if isinstance(error, smtplib.SMTPResponseException):
        return quoted(told(error.smtp_error))
    if isinstance(error, ssl.SSLCertVerificationError):
        return told(error.verify_message)
    if isinstance(error, ssl.SSLError):
        return told(error.reason or "")
    return told(str(error))
