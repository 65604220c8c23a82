"""The link by which a customer says, without signing in, what they want to be written to for: in every such message."""

from __future__ import annotations

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from careline.customers import queries as customers
from careline.customers.actions import ANY
from careline.customers.actions.consent import must_be_a_purpose
from careline.kit import signing
from careline.kit.refusals import NotVisible

_SIGNED = "opt-out"


class Leave(msgspec.Struct, frozen=True):
    """Whose link it is, and what one click on it is about."""

    person_id: int
    purpose: str


def link(person_id: int, purpose: str = ANY) -> str:
    """It opens that customer's choices and nothing else, and never ends: an old letter must still let them go."""
    purpose = purpose.partition("/")[0]  # a scope within another is refused with that one
    must_be_a_purpose(purpose)
    return f"{settings.CARELINE_BASE_URL}/o/{signing.sign(_SIGNED, f'{person_id}:{purpose}')}"


def headers(person_id: int, purpose: str = ANY) -> dict[str, str]:
    """With these a mail program shows its own button, and one click is enough (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{link(person_id, purpose)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def opened(token: str) -> tuple[Leave, customers.Choices]:
    """Whose link it is and what they said so far; not there when we did not sign it or they are gone."""
    gone = NotVisible(_("Nobody is written to by this link any more."))
    try:
        number, _colon, purpose = signing.unsign(_SIGNED, token).partition(":")
    except signing.NotGenuine as forged:
        raise gone from forged
    leave = Leave(int(number), purpose)
    found = customers.choices(leave.person_id, also=leave.purpose)
    if found is None:
        raise gone
    return leave, found
