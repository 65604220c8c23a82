"""One mail server and the way into it: looked up once, never into the private network, never past a bad certificate."""

from __future__ import annotations

import base64
import smtplib
import socket
from typing import Literal

import msgspec
from django.conf import settings
from typing_extensions import override

from careline.channels.adapter import DeliveryFailed
from careline.channels.email.dialing import Unencrypted, context, reached
from careline.channels.email.sending import failures
from careline.kit.sentences import lasting as _

# For each answer of the server; the last one, after all was handed over, may take longer.
ANSWER_SECONDS = 30.0


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """What the mailbox's settings say: a password, a token (XOAUTH2), or neither for a relay that asks nothing."""

    host: str
    port: int = 465
    # tls: from the first byte. starttls: from the second sentence; a server without it is refused.
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    password: str = ""
    token: str = ""
    # A certificate authority of the company's own, as PEM.
    authority: str = ""
    # What we call ourselves: the domain of the mailbox.
    name: str = "localhost"
    # So many mails at most; 0 leaves it to whoever sends.
    per_minute: int = 0


def opened(server: Server) -> smtplib.SMTP:
    """Connected, encrypted and signed in; raises DeliveryFailed."""
    if server.security == "none" and not settings.CARELINE_ALLOW_PRIVATE_HTTP and (server.user or server.password):
        raise Unencrypted(_("A password never travels without encryption: choose TLS or STARTTLS."))
    connection: smtplib.SMTP | None = None
    try:
        connection = _Encrypted(server) if server.security == "tls" else _Plain(server)
        connection.ehlo()
        if server.security == "starttls":
            if not connection.has_extn("starttls"):
                raise Unencrypted(_("%(host)s offers no encryption (STARTTLS).") % {"host": server.host})
            connection.starttls(context=context(server.authority))
            connection.ehlo()
        _sign_in(connection, server)
    except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
        shut(connection)
        raise failures.connecting(error, server.host, server.port) from error
    except BaseException:
        shut(connection)
        raise
    return connection


def shut(connection: smtplib.SMTP | None) -> None:
    """Without a word: whoever waits for a good-bye may wait long."""
    if connection is not None:
        connection.close()


def _sign_in(connection: smtplib.SMTP, server: Server) -> None:
    if not server.user:
        return
    offered = connection.esmtp_features.get("auth", "").upper().split()
    if server.token:
        bearer = f"user={server.user}\x01auth=Bearer {server.token}\x01\x01"
        code, said = connection.docmd("AUTH", f"XOAUTH2 {_base64(bearer)}")
        if code == 334:  # a refusal comes as a question with the reason in it, which an empty line answers
            code, said = connection.docmd("")
    elif "PLAIN" in offered:
        code, said = connection.docmd("AUTH", "PLAIN " + _base64(f"\0{server.user}\0{server.password}"))
    elif "LOGIN" in offered:
        code, said = connection.docmd("AUTH", "LOGIN")
        for answer in (server.user, server.password):
            if code == 334:
                code, said = connection.docmd(_base64(answer))
    else:
        ways = ", ".join(offered) or "–"
        sentence = _("%(host)s offers no way of signing in that is known here (%(ways)s).")
        raise DeliveryFailed(sentence % {"host": server.host, "ways": ways})
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


def _base64(words: str) -> str:
    return base64.b64encode(words.encode()).decode()


class _Plain(smtplib.SMTP):
    def __init__(self, server: Server) -> None:
        self.server = server
        super().__init__(server.host, server.port, local_hostname=server.name, timeout=ANSWER_SECONDS)

    def _get_socket(self, _host: str, _port: int, timeout: float) -> socket.socket:
        line = reached(self.server.host, self.server.port)
        line.settimeout(timeout)
        return line


class _Encrypted(_Plain):
    @override
    def _get_socket(self, _host: str, _port: int, timeout: float) -> socket.socket:
        line = super()._get_socket(_host, _port, timeout)
        try:
            return context(self.server.authority).wrap_socket(line, server_hostname=self.server.host)
        except BaseException:
            line.close()
            raise
