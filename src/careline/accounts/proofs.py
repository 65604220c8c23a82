"""By what somebody proves who they are, and which proofs a role accepts."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careline.kit.refusals import Refused

PROOFS = {
    "password": gettext_lazy("a password alone"),
    "code": gettext_lazy("a password and a code"),
    "passkey": gettext_lazy("a passkey"),
    "company": gettext_lazy("the company account"),
}


def accepted(given: Iterable[str]) -> list[str] | None:
    """In their order, None for all of them. Where a password alone will do, so will a password with a code."""
    chosen = set(given)
    if chosen - set(PROOFS) or not chosen:
        raise Refused(_("Choose at least one way of signing in."), field="proofs")
    if "password" in chosen:
        chosen.add("code")
    return None if chosen == set(PROOFS) else [name for name in PROOFS if name in chosen]
