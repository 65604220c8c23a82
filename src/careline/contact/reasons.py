"""Why a person is not contacted: kept as a code, told in the words of whoever reads it."""

from __future__ import annotations

from django.utils.translation import gettext as _

ERASED = "erased"
BLOCKED = "blocked"
HELD = "held"
UNREACHABLE = "unreachable"


def words(reason: str) -> str:
    return {
        "": _("Nothing speaks against it."),
        ERASED: _("This person was erased."),
        BLOCKED: _("This person is blocked."),
        HELD: _("This person is not to be contacted for now."),
        UNREACHABLE: _("This channel knows no way to reach this person."),
    }.get(reason, reason)
