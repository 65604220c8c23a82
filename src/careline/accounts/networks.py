"""Networks a role may be used from, and the addresses requests come from."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.utils.translation import gettext as _

from careline.kit import text
from careline.kit.refusals import Refused

MOST = 50


def address(said: str) -> str | None:
    """As PostgreSQL compares it; an IPv4 address dressed as IPv6 is what it is. None of what is no address."""
    try:
        found: IPv4Address | IPv6Address = ip_address(said.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)


def neighborhood(said: str) -> str:
    """What one household or one server has of addresses, written out: an IPv4 address, or 64 bits of an IPv6 one."""
    known = address(said)
    if known is None or ":" not in known:
        return known or said
    return str(ip_network((known, 64), strict=False))


def holds(networks: Iterable[str] | None, said: str) -> bool:
    """Whether an address lies in one of them; in none if it is no address. None is everywhere."""
    if networks is None:
        return True
    found = address(said)
    return found is not None and any(ip_address(found) in ip_network(one) for one in networks)


def checked(given: Iterable[str]) -> list[str] | None:
    """Networks like 192.0.2.0/24 or 2001:db8::7; none given is everywhere."""
    found: list[str] = []
    for one in dict.fromkeys(given):
        try:
            found.append(str(ip_network(one)))
        except ValueError:
            raise Refused(
                _("%(value)s is not a network; write one like 192.0.2.0/24.") % {"value": text.excerpt(one, 60)},
                field="networks",
            ) from None
    if len(found) > MOST:
        raise Refused(_("At most %(most)s networks.") % {"most": MOST}, field="networks")
    return found or None
