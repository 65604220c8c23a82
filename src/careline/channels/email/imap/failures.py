"""What goes wrong between us and a mailbox, in one sentence an admin can act on."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl

from careline.channels.satchel import FetchFailed
from careline.kit import text
from careline.kit.sentences import Sentence
from careline.kit.sentences import lasting as _

# Of X509_V_ERR_*: what is wrong with a certificate.
_EXPIRED, _NOT_YET, _SELF_SIGNED, _OTHER_NAME = {10}, {9}, {18, 19, 20, 21}, {62, 64}
_BUSY = re.compile(
    r"\[(?:unavailable|inuse|limit|serverbug)\]|too many|temporar|try again|simultaneous|rate", re.IGNORECASE
)
# Of a refusal that is over some time, whatever was asked for.
_LATER = re.compile(
    r"\[(?:unavailable|inuse|limit|throttled|overquota)\]|too many|temporar|try again|bandwidth", re.IGNORECASE
)
_APP_PASSWORD = re.compile(r"app(?:lication)?[- ]specific password|app password|web login required", re.IGNORECASE)
_DISABLED = re.compile(r"imap (?:access )?(?:is )?(?:disabled|not enabled)|not enabled for imap", re.IGNORECASE)
# What Python's library puts around the words of the server.
_PYTHON = re.compile(r"^(?:command: )?\w+ (?:=>|command error:|failed:) *|^BAD \[|^b'|'\]?$|^socket error: |^\* BYE ?")
_LOST = re.compile(r"socket error: (?!.*unexpected)|\bBYE\b|cannot read from timed out")


class Drop(Exception):
    """The connection was cut while nothing was under way; it is simply made again."""


def connecting(error: Exception, host: str, port: int) -> FetchFailed:
    """Whatever stands between us and a mailbox that is open and signed in."""
    sentence, lasting = _why(error)
    return FetchFailed(sentence % {"host": host, "port": port, "why": quoted(error)}, lasting=lasting)


def signing_in(error: Exception, host: str, *, by_token: bool) -> FetchFailed:
    said = str(error)
    lasting = True
    if _BUSY.search(said):
        sentence, lasting = _("%(host)s cannot sign this mailbox in right now. %(why)s"), False
    elif _DISABLED.search(said):
        sentence = _("IMAP is switched off for this mailbox: switch it on in the provider's settings. %(why)s")
    elif _APP_PASSWORD.search(said):
        sentence = _("%(host)s wants a password made for this program alone (an app password). %(why)s")
    elif by_token:
        sentence = _("%(host)s did not accept the sign-in of this mailbox: connect it again. %(why)s")
    else:
        sentence = _("%(host)s did not accept the name and password of this mailbox. %(why)s")
    return FetchFailed(sentence % {"host": host, "why": quoted(error)}, lasting=lasting)


def talking(error: Exception, host: str, port: int) -> FetchFailed:
    """A mailbox that was open, and something went wrong."""
    if isinstance(error, TimeoutError):
        return FetchFailed(_("%(host)s stopped answering.") % {"host": host})
    if _is_lost(error):
        return FetchFailed(_("%(host)s closed the connection. %(why)s") % {"host": host, "why": quoted(error)})
    return FetchFailed(_nonsense() % {"host": host, "port": port, "why": quoted(error)})


def refused(error: Exception, host: str) -> FetchFailed:
    return FetchFailed(_("%(host)s refused: %(why)s") % {"host": host, "why": quoted(error)})


def is_busy(error: Exception) -> bool:
    return bool(_LATER.search(str(error)))


def no_folder(folder: str, there: list[str], error: Exception) -> FetchFailed:
    named = {"folder": folder, "there": ", ".join(there[:8]), "why": quoted(error)}
    if folder in there:
        return FetchFailed(_("The folder %(folder)s cannot be opened. %(why)s") % named, lasting=True)
    if there:
        return FetchFailed(
            _("There is no folder %(folder)s in this mailbox; there are %(there)s.") % named, lasting=True
        )
    return FetchFailed(_("There is no folder %(folder)s in this mailbox. %(why)s") % named, lasting=True)


def quoted(error: Exception) -> str:
    """The server's own words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        said = error.verify_message
    elif isinstance(error, ssl.SSLError):
        said = error.reason or ""
    else:
        said = str(error)
    for _round in range(3):
        said = _PYTHON.sub("", said)
    said = text.excerpt("".join(one if one.isprintable() else " " for one in said), 200)
    return f"“{said}”" if said else ""


def _why(error: Exception) -> tuple[Sentence, bool]:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error.verify_code), True
    if isinstance(error, ssl.SSLError):
        return _(
            "The encrypted connection to %(host)s failed; is port %(port)s right for TLS or STARTTLS? %(why)s"
        ), True
    if isinstance(error, socket.gaierror):
        return _("The mail server %(host)s is not known: is its name spelled right?"), False
    if isinstance(error, ConnectionRefusedError):
        return _("Nobody answers at %(host)s, port %(port)s."), False
    if isinstance(error, TimeoutError):
        return _("%(host)s, port %(port)s, did not answer in time."), False
    if "* BYE" in str(error):
        return _("%(host)s closed the connection. %(why)s"), False
    if _is_lost(error):
        return _("%(host)s closed the connection at once; is port %(port)s right for TLS or STARTTLS?"), False
    if isinstance(error, OSError):
        return _("The mail server %(host)s was not reached: %(why)s"), False
    return _nonsense(), False


def _nonsense() -> Sentence:
    return _("What %(host)s, port %(port)s, says is not IMAP: %(why)s")


def _is_lost(error: Exception) -> bool:
    if isinstance(error, (ConnectionError, EOFError)):
        return True
    return isinstance(error, imaplib.IMAP4.error) and bool(_LOST.search(str(error)))


def _certificate(code: int) -> Sentence:
    if code in _EXPIRED:
        return _("The certificate of %(host)s has expired; nothing was fetched.")
    if code in _NOT_YET:
        return _("The certificate of %(host)s is not valid yet; nothing was fetched.")
    if code in _OTHER_NAME:
        return _("The certificate of %(host)s is for another name; nothing was fetched.")
    if code in _SELF_SIGNED:
        return _("The certificate of %(host)s was made by nobody we trust; nothing was fetched.")
    return _("The certificate of %(host)s is not good: %(why)s")
