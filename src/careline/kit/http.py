"""The one way out to other people's servers: short patience, and never into the private network."""

import socket
from collections.abc import Iterable
from http.cookiejar import DefaultCookiePolicy
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore
import httpx
from django.conf import settings
from django.utils.translation import gettext as _
from typing_extensions import override

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
# What may come of asking, beside an answer.
FAILED = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)
_NAT64 = IPv6Network("64:ff9b::/96")


def client(*, timeout: httpx.Timeout | float = TIMEOUT, headers: dict[str, str] | None = None) -> httpx.Client:
    """A client to use in a `with`. Proxies of the environment are not used: behind one, nothing could be refused."""
    allowed = settings.CARELINE_ALLOW_PRIVATE_HTTP
    transport = httpx.HTTPTransport(trust_env=False) if allowed else _GuardedTransport()
    made = httpx.Client(
        transport=transport,
        timeout=timeout,
        headers={"User-Agent": "Careline"} | (headers or {}),
        trust_env=False,
        follow_redirects=False,
    )
    # A client may live long and serve many: what one answer leaves behind must not travel with the next request.
    made.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return made


class _GuardedTransport(httpx.HTTPTransport):
    def __init__(self) -> None:
        super().__init__(trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=20,
            keepalive_expiry=5.0,
            network_backend=_PublicOnly(),
        )


class _PublicOnly(httpcore.SyncBackend):
    """Looks a name up once and connects to what it looked at, so that a second answer cannot lead elsewhere."""

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(_("%(host)s is not known.") % {"host": host}) from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not all(is_public(address) for address in addresses):
            sentence = _("%(host)s leads into the private network, which is not allowed.")
            raise httpcore.ConnectError(sentence % {"host": host})
        last: Exception = httpcore.ConnectError(_("%(host)s has no address.") % {"host": host})
        for address in addresses:
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    @override
    def connect_unix_socket(self, *_args: Any, **_more: Any) -> httpcore.NetworkStream:
        raise httpcore.ConnectError(_("Sockets of this machine are not allowed."))


def is_public(address: str) -> bool:
    """Whether an address lies on the open internet, whatever form it is dressed in."""
    number: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(number, IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour
        if number in _NAT64:
            inner = IPv4Address(int(number) & 0xFFFF_FFFF)
        if inner is not None:
            number = inner
        elif number.teredo is not None:
            return False
    return number.is_global and not number.is_multicast and not number.is_unspecified
