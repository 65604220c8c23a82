"""Why something is not the house's voice, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _


def reasons() -> dict[str, str]:
    """By the kind of a mark."""
    return {
        "blank": _("Still to be filled in"),
        "word": _("A word you do not use"),
        "guarantee": _("Promises what nobody can"),
        "date": _("Promises a day"),
        "money": _("Promises money beyond what anybody may"),
        "blame": _("Sounds like blame"),
        "loose": _("Less formal than you speak"),
        "stiff": _("Stiffer than you speak"),
        "shouting": _("Sounds like shouting"),
    }
