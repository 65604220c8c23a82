"""The way to a mail server: looked up once, never into the private network, never past a bad certificate."""

from __future__ import annotations

import socket
import ssl

from django.conf import settings

from careline.channels.adapter import DeliveryFailed
from careline.kit.http import is_public
from careline.kit.sentences import lasting as _

CONNECT_SECONDS = 10.0


class Private(DeliveryFailed):
    """The name leads to where nobody from outside is to get by us."""


class Unencrypted(DeliveryFailed):
    """The server would have the password read on the way."""


def context(authority: str = "") -> ssl.SSLContext:
    """`authority`: a certificate authority of the company's own, as PEM. Raises DeliveryFailed when it is none."""
    made = ssl.create_default_context()
    if authority.strip():
        try:
            made.load_verify_locations(cadata=authority)
        except (ssl.SSLError, ValueError) as error:
            sentence = _("The certificate authority of this mailbox cannot be read; it begins with %(begin)s.")
            raise DeliveryFailed(sentence % {"begin": "-----BEGIN CERTIFICATE-----"}) from error
    return made


def reached(host: str, port: int, seconds: float = CONNECT_SECONDS) -> socket.socket:
    """The name is looked up once and what was looked at is connected to, so that a second answer leads nowhere else."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not settings.CARELINE_ALLOW_PRIVATE_HTTP and not all(is_public(address) for address in addresses):
        raise Private(_("%(host)s leads into the private network, which is not allowed.") % {"host": host})
    last: OSError = OSError(_("%(host)s has no address.") % {"host": host})
    for address in addresses:
        try:
            return socket.create_connection((address, port), seconds)
        except OSError as error:
            last = error
    raise last
