"""Why a person is not contacted: kept as an English sentence the catalogs know, told in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

ERASED = gettext_noop("This person was erased.")
BLOCKED = gettext_noop("This person is blocked.")
HELD = gettext_noop("This person is not to be contacted for now.")
WITHDRAWN = gettext_noop("This person does not want to be written to for this.")
UNREACHABLE = gettext_noop("This channel knows no way to reach this person.")


def words(reason: str) -> str:
    return _(reason) if reason else _("Nothing speaks against it.")
