"""The line that says that messages were moved, with the way to where they are."""

from __future__ import annotations

from django.utils.translation import ngettext
from markupsafe import Markup


def told(way: str, count: int, other: int, *, by: str) -> Markup:
    """In the reader's words."""
    if way == "in":
        said = ngettext(
            "%(who)s moved a message here from %(other)s",
            "%(who)s moved %(count)s messages here from %(other)s",
            count,
        )
    else:
        said = ngettext("%(who)s moved a message to %(other)s", "%(who)s moved %(count)s messages to %(other)s", count)
    link = Markup('<a href="/desk/{0}">#{0}</a>').format(other)
    return Markup(said) % {"who": by, "count": count, "other": link}  # noqa: S704  # our own words
