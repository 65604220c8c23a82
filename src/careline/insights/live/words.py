"""What a limit says: in a mail, on the board and where alerts are set."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careline.insights.live.limits import FIGURES, Beyond
from careline.insights.live.looks import Limit


def figures() -> dict[str, str]:
    return {
        "waiting": _("Waiting now"), "longest": _("Longest wait"), "expected": _("Expected wait"),
        "service_level": _("Service level today"), "abandonment": _("Given up today"),
        "soon": _("Promises that break within 30 minutes"), "overdue": _("Promises that are broken"),
        "low": _("Open conversations that feel poor or bad"), "ready": _("People who are ready"),
    }  # fmt: skip


def limited(limit: Limit, queue: str = "") -> str:
    """As in: Waiting now in Chat: over 5."""
    figure = figures().get(limit.figure, limit.figure)
    of = _("%(figure)s in %(queue)s") % {"figure": figure, "queue": queue} if queue else figure
    if limit.at_most is not None:
        return _("%(figure)s: over %(limit)s") % {"figure": of, "limit": value(limit.figure, limit.at_most)}
    return _("%(figure)s: under %(limit)s") % {"figure": of, "limit": value(limit.figure, limit.at_least or 0)}


def value(figure: str, number: float) -> str:
    match FIGURES[figure].unit if figure in FIGURES else "count":
        case "minutes":
            minutes = int(number)
            return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
        case "percent":
            return _("%(share)s %%") % {"share": f"{number:.0f}"}
        case _:
            return f"{number:.0f}"


def said(one: Beyond) -> str:
    """With what it is now."""
    now = value(one.limit.figure, one.value)
    return _("%(limit)s, now %(value)s") % {"limit": limited(one.limit, one.queue), "value": now}


def mail(found: tuple[Beyond, ...], house: str, address: str) -> tuple[str, str]:
    """Subject and text."""
    told = [said(one) for one in found]
    subject = told[0] if len(told) == 1 else ngettext("%(n)s alert", "%(n)s alerts", len(told)) % {"n": len(told)}
    text = _(
        "On the live board of %(house)s:\n\n%(lines)s\n\nLook at it here:\n%(link)s\n\n"
        "You are told once, and again only after it was within the limit for a while.\n"
    )
    return subject, text % {"house": house, "lines": "\n".join(told), "link": address}
