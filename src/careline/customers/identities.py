"""Names people go by, brought to one form: `value` is what is compared, `original` is what was written."""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.customers.models import Identity
from careline.kit import contacts, text
from careline.kit.refusals import Refused

LIMIT = 300
_KINDS = frozenset(Identity.Kind.values)


class Given(msgspec.Struct, frozen=True):
    """An identity as somebody states it; `verified` when that somebody has proved it."""

    kind: str
    written: str
    scope: str = ""
    verified: bool = False


class Known(msgspec.Struct, frozen=True, order=True):
    kind: str
    scope: str
    value: str
    original: str
    verified: bool = False

    @property
    def place(self) -> tuple[str, str, str]:
        return self.kind, self.scope, self.value


def known(given: Given, *, country: str | None = None) -> Known:
    """Refused when it cannot be an identity of its kind; whoever has many to ask for says the house's `country`."""
    if given.kind not in _KINDS:
        raise Refused(_("There is no identity of the kind “%(kind)s”.") % {"kind": given.kind}, field="kind")
    if given.scope and given.kind in (Identity.Kind.EMAIL, Identity.Kind.PHONE):
        raise Refused(_("An address or a number belongs to no scope."), field="scope")
    original = text.clean(given.written, field=given.kind, limit=LIMIT, required=True)
    scope = text.clean(given.scope, field="scope", limit=LIMIT)
    return Known(given.kind, scope, _value(given.kind, original, country), original, given.verified)


def _value(kind: str, original: str, country: str | None) -> str:
    if kind == Identity.Kind.EMAIL:
        return contacts.email_key(original)
    if kind == Identity.Kind.PHONE:
        return contacts.phone_key(original, accounts.organization().country if country is None else country)
    return original
