"""Asking the DNS: a few questions of short patience, an empty answer told from none."""

from __future__ import annotations

from typing import Protocol

import dns.exception
import dns.resolver
from django.utils.translation import gettext as _

SECONDS = 5.0


class NoAnswer(Exception):
    """The servers of the domain did not answer; what they would have said is not known."""


class Asker(Protocol):
    """Empty when the name or the kind of record is not there; raises NoAnswer when nobody says."""

    def texts(self, name: str) -> list[str]: ...

    def addresses(self, name: str) -> list[str]: ...

    def mail_hosts(self, name: str) -> list[str]: ...


class Dns:
    """The resolver of this machine, or one given."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._resolver = resolver

    def texts(self, name: str) -> list[str]:
        # A record of several strings is one value (RFC 7208, 3.3).
        found = self._asked(name, "TXT")
        return [b"".join(one.strings).decode("utf-8", "replace") for one in found]  # type: ignore[attr-defined]

    def addresses(self, name: str) -> list[str]:
        return [one.to_text() for kind in ("A", "AAAA") for one in self._asked(name, kind)]  # type: ignore[attr-defined]

    def mail_hosts(self, name: str) -> list[str]:
        return [one.exchange.to_text(omit_final_dot=True) for one in self._asked(name, "MX")]  # type: ignore[attr-defined]

    def _asked(self, name: str, kind: str) -> list[object]:
        try:
            resolver = self._resolver or dns.resolver.get_default_resolver()
            answer = resolver.resolve(name, kind, lifetime=SECONDS, search=False, raise_on_no_answer=False)
            return list(answer.rrset or ())
        except dns.resolver.NXDOMAIN:
            return []
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            raise NoAnswer(_("The name servers did not answer for %(name)s.") % {"name": name}) from error
