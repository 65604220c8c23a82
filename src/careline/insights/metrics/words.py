"""Figures in words: a value in its unit, between which ends it lies, and whether it moved."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careline.insights.metrics.definitions import Definition
from careline.insights.metrics.figures import FEWEST, Change, Figure
from careline.kit import clock

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def areas() -> dict[str, str]:
    return {
        "efficiency": _("Efficiency"), "satisfaction": _("Satisfaction"), "loyalty": _("Loyalty and value"),
        "emotion": _("Emotion and effort"),
    }  # fmt: skip


def views() -> list[tuple[str, str]]:
    return [
        ("all", _("Everything")), ("agent", _("For agents")), ("lead", _("For leads")),
        ("cx", _("For customer experience")), ("executive", _("For the board")),
    ]  # fmt: skip


def kinds() -> list[tuple[str, str]]:
    return [
        ("release", _("Release")), ("outage", _("Outage")), ("price", _("Price change")), ("campaign", _("Campaign")),
        ("other", _("Something else")),
    ]  # fmt: skip


def parts() -> dict[str, str]:
    return {
        "channel": _("Channel"), "inbox": _("Inbox"), "team": _("Team"), "agent": _("Agent"), "segment": _("Segment"),
        "queue": _("Queue"), "survey": _("Survey"),
    }  # fmt: skip


def value(definition: Definition, amount: float, *, signed: bool = False) -> str:
    match definition.unit:
        case "percent":
            return _("%(share)s %%") % {"share": _plain(amount, 0, signed)}
        case "seconds":
            return _span(amount, signed)
        case "count":
            return _plain(amount, 0, signed)
        case "points" if definition.kind == "nps":
            return _plain(amount, 0, True)
    return _plain(amount, 2, signed)


def ends(definition: Definition, low: float, high: float) -> str:
    if definition.unit == "percent":
        return f"{_plain(low, 0)}–{_plain(high, 0)}"
    between = _("%(low)s to %(high)s")
    return between % {"low": value(definition, low), "high": value(definition, high)}


def sure(definition: Definition, figure: Figure) -> str:
    """Interval and count, or why there is no figure."""
    if figure.value is None:
        return _("too few, n %(n)s") % {"n": f"{figure.n:,}"} if figure.n < FEWEST else ""
    if figure.low is None or figure.high is None:
        return ""
    told = ends(definition, figure.low, figure.high)
    return _("%(ends)s, n %(n)s") % {"ends": told, "n": f"{figure.n:,}"}


def moved(definition: Definition, change: Change | None) -> str:
    if change is None:
        return _("too few to compare")
    if not change.real:
        return _("no real change")
    amount = value(definition, abs(change.value)).lstrip("+")
    if definition.unit == "percent":
        points = round(abs(change.value))
        amount = ngettext("%(count)s point", "%(count)s points", points) % {"count": points}
    words = _("up %(amount)s, real") if change.value > 0 else _("down %(amount)s, real")
    return words % {"amount": amount}


def since(definition: Definition, past: Figure | None, change: Change | None) -> str:
    """What it was before, and whether that is another figure."""
    if past is None or past.value is None:
        return moved(definition, change)
    told = _("before %(past)s, %(moved)s")
    return told % {"past": value(definition, past.value), "moved": moved(definition, change)}


def beside(definition: Definition, figure: Figure) -> str:
    """What else is said of the same cases."""
    if "p90" in figure.beside:
        return _("nine of ten within %(time)s") % {"time": _span(figure.beside["p90"])}
    if "mean" in figure.beside:
        return _("mean %(mean)s") % {"mean": f"{figure.beside['mean']:.1f}"}
    return ""


def share(part: float | None) -> str:
    return _("not known") if part is None else _("%(share)s %%") % {"share": _plain(100 * part, 0)}


def day(at: datetime, zone: str, *, ends: bool = False) -> str:
    """A day of the period; what ends at midnight ends with the day before."""
    local = at.astimezone(ZoneInfo(zone))
    if ends and local.hour == local.minute == 0:
        local = datetime.fromordinal(local.toordinal() - 1)
    is_this_year = local.year == clock.now().astimezone(ZoneInfo(zone)).year
    return str(formats.date_format(local.date(), "j M" if is_this_year else "j M Y"))


def _plain(amount: float, places: int, signed: bool = False) -> str:
    """With a real minus; nothing is a little less than nothing."""
    told = f"{abs(amount):,.{places}f}"
    if float(told.replace(",", "")) == 0:
        return told
    return f"−{told}" if amount < 0 else f"+{told}" if signed else told


def _span(seconds: float, signed: bool = False) -> str:
    whole = round(abs(seconds))
    if whole >= 2 * _DAY:
        told = _("%(days)s d %(hours)s h") % {"days": whole // _DAY, "hours": whole % _DAY // _HOUR}
    elif whole >= _HOUR:
        told = _("%(hours)s h %(minutes)s min") % {"hours": whole // _HOUR, "minutes": whole % _HOUR // _MINUTE}
    elif whole >= _MINUTE:
        told = _("%(minutes)s min %(seconds)s s") % {"minutes": whole // _MINUTE, "seconds": whole % _MINUTE}
    else:
        told = _("%(seconds)s s") % {"seconds": whole}
    return f"−{told}" if seconds < 0 and whole else f"+{told}" if signed and whole else told


def moment(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{day(at, zone)} {local:%H:%M}"
