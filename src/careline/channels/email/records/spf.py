"""SPF (RFC 7208): who may send in the name of a domain, as far as it can be said without a mail."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Literal

import msgspec

from careline.channels.email.records.asking import Asker

# The standard lets a server ask so often and no more; beyond it the whole record counts for nothing.
MOST_LOOKUPS = 10
Result = Literal["pass", "fail", "softfail", "neutral", "none", "error"]
_NOBODY = "255.255.255.255"
_SIGNS: dict[str, Result] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_MECHANISMS = {"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"}


class Read(msgspec.Struct):
    """What was found on the way."""

    result: Result = "neutral"
    lookups: int = 0
    included: list[str] = []
    # The term that cannot be read, or the domain included that has no record.
    wrong: str = ""
    # What `all` says at the end of the first record.
    rest: str = ""


def records(texts: Sequence[str]) -> list[str]:
    return [one for one in texts if one.lower() == "v=spf1" or one.lower().startswith("v=spf1 ")]


def read(domain: str, addresses: Sequence[str], asker: Asker) -> Read:
    """Whether these addresses may send for the domain; the best of them counts, since one of them sends."""
    # Nobody's address goes through the whole record, and finds what is wrong beyond the first that fits.
    whole = Read()
    whole.result = _evaluated(domain, _NOBODY, asker, whole, first=True)
    if addresses and not whole.wrong and whole.lookups <= MOST_LOOKUPS:
        order: list[Result] = ["error", "none", "fail", "softfail", "neutral", "pass"]
        results = [_evaluated(domain, address, asker, Read()) for address in addresses[:4]]
        whole.result = max(results, key=order.index)
    return whole


def _evaluated(domain: str, address: str, asker: Asker, found: Read, *, first: bool = False) -> Result:
    standing = records(asker.texts(domain))
    if len(standing) != 1:
        return "error" if standing else "none"
    redirect = ""
    for term in standing[0].split()[1:]:
        if term.lower().startswith("redirect="):
            redirect = term.partition("=")[2]
            continue
        if "=" in term.partition(":")[0]:
            continue  # modifiers nobody knows are passed over
        sign, bare = (term[0], term[1:]) if term[0] in _SIGNS else ("+", term)
        name = bare.partition(":")[0].partition("/")[0].lower()
        if name not in _MECHANISMS:
            found.wrong = found.wrong or term
            return "error"
        if name == "all" and first:
            found.rest = sign
        matched = _matches(name, bare, domain, address, asker, found)
        if matched is None:
            return "error"
        if matched:
            return _SIGNS[sign]
    if redirect:
        return _deeper(redirect, address, asker, found)
    return "neutral"


def _matches(name: str, term: str, domain: str, address: str, asker: Asker, found: Read) -> bool | None:
    """None: the record breaks here."""
    if name == "all":
        return True
    value = term[len(name) + 1 :] if term[len(name) : len(name) + 1] == ":" else ""
    if name in {"ip4", "ip6"}:
        try:
            return _inside(address, value)
        except ValueError:
            found.wrong = found.wrong or term
            return None
    if name == "include":
        result = _deeper(value, address, asker, found)
        if result in {"none", "error"}:
            found.wrong = found.wrong or term
            return None
        return result == "pass"
    found.lookups += 1
    if found.lookups > MOST_LOOKUPS:
        return None
    host, _slash, lengths = value.partition("/")
    target = host or domain
    if name in {"exists", "ptr"} or "%" in target:
        return False  # depends on the mail itself
    hosts = [target] if name == "a" else asker.mail_hosts(target)[:10]
    own = [one for host in hosts for one in asker.addresses(host)]
    bits = lengths.partition("//")[0]
    return any(_inside(address, f"{one}/{bits}" if bits.isdigit() and ":" not in one else one) for one in own)


def _deeper(domain: str, address: str, asker: Asker, found: Read) -> Result:
    found.lookups += 1
    found.included.append(domain.lower())
    if found.lookups > MOST_LOOKUPS:
        return "error"
    if "%" in domain or not domain:
        return "neutral"
    return _evaluated(domain, address, asker, found)


def _inside(address: str, network: str) -> bool:
    where: IPv4Network | IPv6Network = ip_network(network, strict=False)
    return ip_address(address) in where
