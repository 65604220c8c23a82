"""A real mail server on this machine, with a certificate made for it, that refuses what it is told to refuse."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "pässword"
TOKEN = "ya29.token"


def certificate(name: str = "127.0.0.1", *, expired: bool = False) -> tuple[str, str]:
    """The certificate, which is its own authority, and its key, both as PEM; the same ones each time."""
    return _certified(name, expired)


@cache
def _certified(name: str, expired: bool) -> tuple[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of a test")])
    now = datetime.now(UTC)
    try:
        names: x509.GeneralName = x509.IPAddress(ip_address(name))
    except ValueError:
        names = x509.DNSName(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=-1 if expired else 1))
        .add_extension(x509.SubjectAlternativeName([names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return made.public_bytes(pem).decode(), private.decode()


class Desk:
    """What arrived, and the answers it is told to give instead."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.connections: set[int] = set()
        self.signed_in: list[str] = []
        self.tries = 0
        self.answers: dict[str, str] = {}
        self.lock = threading.Lock()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections.add(id(session))
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.taken.append(envelope)
        return f"250 2.0.0 queued as {len(self.taken)}"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        import base64

        said = base64.b64decode(args[1]).decode()
        if said == f"user=help@shop.example\x01auth=Bearer {TOKEN}\x01\x01":
            self.signed_in.append("XOAUTH2")
            return AuthResult(success=True)
        await server.push("334 " + base64.b64encode(b'{"status":"400"}').decode())
        assert await server._reader.readline() == b"\r\n"
        return AuthResult(success=False, handled=False)

    def check(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        self.tries += 1
        right = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
        if right:
            self.signed_in.append(mechanism)
        return AuthResult(success=right, handled=False)


class _Anywhere(Controller):
    """aiosmtpd knocks at its own door when it starts, at the port it was given rather than the one it got."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        with socket.create_connection(self.server.sockets[0].getsockname(), 5) as plain:
            if self.ssl_context is None:
                plain.recv(100)
                return
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            with context.wrap_socket(plain) as spoken:
                spoken.recv(100)


@contextmanager
def serving(
    desk: Desk, *, tls: str = "", expired: bool = False, name: str = "127.0.0.1", **options: Any
) -> Iterator[int]:
    """`tls`: "tls", "starttls" or none; gives the port."""
    context = _context(name, expired=expired) if tls else None
    controller = _Anywhere(
        desk,
        hostname="127.0.0.1",
        port=0,
        ssl_context=context if tls == "tls" else None,
        tls_context=context if tls == "starttls" else None,
        authenticator=desk.check,
        auth_require_tls=False,
        auth_exclude_mechanism=options.pop("without", ()),
        enable_SMTPUTF8=options.pop("utf8", True),
        **options,
    )
    controller.start()
    try:
        assert controller.server is not None
        yield controller.server.sockets[0].getsockname()[1]
    finally:
        controller.stop()


def _context(name: str, *, expired: bool) -> ssl.SSLContext:
    shown, private = certificate(name, expired=expired)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "both.pem"
        path.write_text(shown + private)
        context.load_cert_chain(path)
    return context
