"""Logins of the demo company: known to whoever can read the installation's key, so they work on this machine alone."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings

DEMO_DOMAIN = "harbor.example"


def may_enter(email: str, address: str) -> bool:
    """Everybody but the demo's people; those only where the installation is reached, and called, over loopback."""
    if not email.endswith("@" + DEMO_DOMAIN):
        return True
    host = urlsplit(settings.CARELINE_BASE_URL).hostname or ""
    return _is_loopback(host) and _is_loopback(address)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
