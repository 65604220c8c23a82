"""For which names a server's certificate was made, looked at without believing it."""

from __future__ import annotations

import smtplib
import ssl
from typing import Literal

from cryptography import x509

from careline.channels.adapter import DeliveryFailed
from careline.channels.email.dialing import reached
from careline.kit import text

SECONDS = 5.0


def names_at(host: str, port: int, upgraded: Literal["", "imap", "smtp"]) -> list[str]:
    """Nothing is sent there but the wish to see it. Empty when it cannot be seen."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with reached(host, port, SECONDS) as line:
            line.settimeout(SECONDS)
            for said in {
                "": [],
                "imap": [b"", b"a STARTTLS\r\n"],
                "smtp": [b"", b"EHLO localhost\r\n", b"STARTTLS\r\n"],
            }[upgraded]:
                line.sendall(said)
                line.recv(4096)
            with context.wrap_socket(line, server_hostname=host) as seen:
                raw = seen.getpeercert(binary_form=True)
        return _names(raw or b"")
    except (OSError, ValueError, DeliveryFailed, smtplib.SMTPException):
        return []


def _names(raw: bytes) -> list[str]:
    made = x509.load_der_x509_certificate(raw)
    try:
        named = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    found = [*named.get_values_for_type(x509.DNSName), *map(str, named.get_values_for_type(x509.IPAddress))]
    return [text.excerpt(one, 100) for one in found if one.isprintable()]
