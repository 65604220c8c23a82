"""What to do about it when a mailbox cannot be signed in to: one sentence, and where to go."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from typing import Literal

from django.utils.translation import gettext as _
from imapclient.exceptions import LoginError

from careline.channels.adapter import Endpoint
from careline.channels.email import mailbox, oauth, providers, receiving, suggesting
from careline.channels.email.dialing import Private, Unencrypted
from careline.channels.email.providers import Provider
from careline.channels.email.trials.certificates import names_at

Way = Literal["imap", "smtp"]
# Of X509_V_ERR_*: what is wrong with a certificate.
_OTHER_NAME, _UNTRUSTED = {62, 64}, {18, 19, 20, 21}
_APP_PASSWORD = re.compile(r"app(?:lication)?[- ]specific password|app password|web login required", re.IGNORECASE)
_IMAP_OFF = re.compile(r"imap (?:access )?(?:is )?(?:disabled|not enabled)|not enabled for imap", re.IGNORECASE)
_SMTP_OFF = re.compile(r"5\.7\.139|smtpclientauth\w* is disabled|basic authentication is disabled", re.IGNORECASE)
_USUAL = {"imap": ((993, "TLS"), (143, "STARTTLS")), "smtp": ((465, "TLS"), (587, "STARTTLS"))}


def advised(failed: Exception, way: Way, inbox: Endpoint) -> tuple[str, str]:
    """The sentence, and an address; either may be empty."""
    causes = list(_causes(failed))
    host, port = str(inbox.settings.get(f"{way}_host", "")), int(inbox.settings.get(f"{way}_port", 0))
    provider = providers.of_server(host)
    if any(isinstance(one, oauth.ConnectAgain) for one in causes):
        return _("Let Careline in at the provider once more, below."), ""
    if any(isinstance(one, (smtplib.SMTPAuthenticationError, LoginError)) for one in causes):
        return _not_let_in(" ".join(map(str, causes)), way, inbox, provider)
    named = {"host": host, "port": port, "usual": _usual(way), "domain": mailbox.domain(inbox)}
    for cause in causes:
        if isinstance(cause, smtplib.SMTPServerDisconnected) and isinstance(cause.__context__, TimeoutError):
            continue  # silent for too long, which Python's library takes for closed
        sentence = _about(cause, way, inbox)
        if sentence:
            return sentence % named, ""
    return "", ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _not_let_in(said: str, way: Way, inbox: Endpoint, provider: Provider | None) -> tuple[str, str]:
    page = "" if provider is None else provider.page
    if receiving.by_token(inbox):
        return _("Let Careline in at the provider once more, below."), ""
    if _IMAP_OFF.search(said):
        return _("Switch IMAP on in the settings of the mailbox at its provider, and try again."), page
    if _SMTP_OFF.search(said):
        return (
            _("Whoever administers the mailbox switches signed-in sending (authenticated SMTP) on for it."),
            page,
        )
    if provider is not None and provider.wants != "own":
        return suggesting.advice_of(provider), page
    if _APP_PASSWORD.search(said):
        sentence = _("Make a password for this program alone (an app password) at the provider, and use it here.")
        return sentence, page
    if provider is not None and provider.switched_off and way == "imap":
        return suggesting.advice_of(provider), page
    user = mailbox.user(inbox, way)
    if "@" in user:
        sentence = _(
            "Type the password again. Some servers want only what stands before the @ as user, not “%(user)s”."
        )
    else:
        sentence = _("Type the password again. Many servers want the whole address as user, not “%(user)s”.")
    return sentence % {"user": user}, ""


def _about(cause: BaseException, way: Way, inbox: Endpoint) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _of_certificate(cause, way, inbox)
    if isinstance(cause, Private):
        return _("Whoever runs this installation allows it with CARELINE_ALLOW_PRIVATE_HTTP=1.")
    if isinstance(cause, Unencrypted):
        return _("Without encryption the password would be readable on the way. Try %(usual)s.")
    if isinstance(cause, (socket.gaierror, UnicodeError)):
        return _("Look at its spelling. Usual names are imap.%(domain)s, smtp.%(domain)s and mail.%(domain)s.")
    if isinstance(cause, ssl.SSLError):
        return _("The port and the encryption have to fit each other: %(usual)s.")
    if isinstance(cause, ConnectionRefusedError):
        return _("Is port %(port)s right? Usual are %(usual)s.")
    if isinstance(cause, TimeoutError):
        return _(
            "Something on the way, often a firewall, may block port %(port)s. Try %(usual)s, or ask whoever runs this "
            "installation's network."
        )
    if isinstance(cause, (smtplib.SMTPServerDisconnected, EOFError, ConnectionError)):
        return _("The port and the encryption have to fit each other: %(usual)s.")
    if isinstance(cause, OSError) and not isinstance(cause, smtplib.SMTPException):
        return _("Is the installation's own network in order, and does it let port %(port)s out?")
    return ""


def _of_certificate(cause: ssl.SSLCertVerificationError, way: Way, inbox: Endpoint) -> str:
    if cause.verify_code in _OTHER_NAME:
        host, port = str(inbox.settings[f"{way}_host"]), int(inbox.settings[f"{way}_port"])
        security = str(inbox.settings.get(f"{way}_security", "tls"))
        names = names_at(host, port, way if security == "starttls" else "")
        if names:
            listed = ", ".join(names[:4]).replace("%", "%%")
            return _("Use the name the certificate is for: %(names)s.").replace("%(names)s", listed)
        return _("Use the name its certificate is for; the provider's help tells it.")
    if cause.verify_code in _UNTRUSTED:
        return _(
            "A server of the house may have a certificate authority of its own: put its certificate into “Own "
            "certificate authority”. At a provider it is a reason not to go on."
        )
    return _("Whoever runs the server has to renew its certificate.")


def _usual(way: Way) -> str:
    return _("port %(one)s with TLS, or port %(other)s with STARTTLS") % {
        "one": _USUAL[way][0][0],
        "other": _USUAL[way][1][0],
    }
