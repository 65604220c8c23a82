"""Addresses as mail servers speak of them: checked, the domain in ASCII."""

from __future__ import annotations

import re

import idna

from careline.channels.adapter import DeliveryFailed
from careline.kit.sentences import lasting as _

_ATOM = r"[^\s\x00-\x20\x7f-\x9f\"(),:;<>@\[\]\\.]+"
_LOCAL = re.compile(rf"(?:{_ATOM}(?:\.{_ATOM})*|\"(?:[^\x00-\x1f\x7f\"\\]|\\[\x20-\x7e])*\")")
_DOMAIN = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE
)


def wire(address: str) -> str:
    """Empty for an empty one. The local part stays as it is, beyond ASCII as well; that needs SMTPUTF8."""
    address = address.strip(" ")
    if not address:
        return ""
    local, _at, domain = address.rpartition("@")
    if not local or len(local.encode("utf-8", "replace")) > 64 or not _LOCAL.fullmatch(local) or _halves(local):
        raise _refused(address)
    return f"{local}@{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """Raises DeliveryFailed for what is no domain."""
    bare = domain.strip(" ").rstrip(".")
    if not bare.isascii():
        try:
            bare = idna.encode(bare, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise _refused(domain) from None
    if not bare or len(bare) > 253 or not _DOMAIN.fullmatch(bare):
        raise _refused(domain)
    return bare


def _halves(text: str) -> bool:
    """Half a character, which no encoding knows."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _refused(what: str) -> DeliveryFailed:
    shown = "".join(letter for letter in what if letter.isprintable())[:100]
    return DeliveryFailed(_("“%(address)s” is no address mail can be sent to.") % {"address": shown}, permanent=True)
