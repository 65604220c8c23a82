"""The page of all recoveries: what they achieved, each figure the way to the conversations behind it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from careline.accounts import queries as accounts
from careline.insights import recoveries as insights
from careline.insights.metrics.figures import Change, Figure
from careline.kit import clock
from careline.kit.money import Money
from careline.service.recovery import queries
from careline.web import recovering
from careline.web.doors import AgentRequest, signed_in

PAGE = 50
SPANS = ("28", "90", "365", "all")


class Tile(msgspec.Struct, frozen=True):
    word: str
    value: str
    sure: str
    which: str


class Side(msgspec.Struct, frozen=True):
    """One row of the table: a measure of those reached, of those missed, and whether they differ."""

    word: str
    about: str
    cells: list[Tile]
    differs: str


@require_safe
@signed_in
def recoveries(request: AgentRequest) -> HttpResponse:
    actor = request.actor
    which = request.GET.get("which", "running")
    which = which if which in queries.WHICH else "running"
    days = request.GET.get("days", "all")
    days = days if days in SPANS else "all"
    since = None if days == "all" else clock.now() - timedelta(days=int(days))
    rows = queries.recoveries(
        actor, which=which, since=since, before=_place(request.GET.get("before", "")), limit=PAGE + 1
    )
    more = {"which": which, "days": days}
    older = ""
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        older = f"?{urlencode({**more, 'before': f'{last.opened_at.isoformat()}~{last.pk}'})}"
    context: dict[str, Any] = {
        "rows": [_row(one) for one in rows[:PAGE]], "which": which, "days": days, "older": older,
        "choices": [(name, word) for name, word in words().items() if name in _CHOSEN or name == which],
        "spans": [(span, _("ever") if span == "all" else _in_days(int(span))) for span in SPANS],
    }  # fmt: skip
    if actor.may("reports.view"):
        context |= _figures(insights.achieved(actor, days=None if days == "all" else int(days)))
    return render(request, "recoveries.html", context)


_CHOSEN = ("running", "late", "reached", "missed", "withdrawn", "all")


def _in_days(count: int) -> str:
    return ngettext("begun within %(count)s day", "begun within %(count)s days", count) % {"count": count}


def words() -> dict[str, str]:
    return {
        "running": _("Running"), "late": _("Late"), "reached": _("Reached"), "missed": _("Not reached"),
        "withdrawn": _("Nothing to make good"), "all": _("All"), "closed": _("Ended"), "in_time": _("In time"),
        "resolved": _("Right again"), "reached_came_back": _("Reached, came back"),
        "missed_came_back": _("Not reached, came back"), "reached_bought": _("Reached, bought again"),
        "missed_bought": _("Not reached, bought again"), "reached_measured": _("Reached, known what followed"),
        "missed_measured": _("Not reached, known what followed"),
        "reached_said": _("Reached, said whether they recommend us"),
        "missed_said": _("Not reached, said whether they recommend us"),
        "reached_recommends": _("Reached, recommend us"), "missed_recommends": _("Not reached, recommend us"),
    }  # fmt: skip


def _figures(found: insights.Achieved) -> dict[str, Any]:
    currency = accounts.organization().currency
    tiles = [
        Tile(_("Running"), str(found.running), "", "running"), Tile(_("Late"), str(found.late), "", "late"),
        _tile(_("Reached"), found.reached, "reached"), _tile(_("In time"), found.in_time, "in_time"),
        _tile(_("Right again"), found.resolved, "resolved"),
        Tile(_("Goodwill given"), str(Money(found.given_minor, currency)), "", "all"),
    ]  # fmt: skip
    said = {
        "came_back": (_("Came back"), _("They did something from the 30th to before the 60th day after it ended.")),
        "bought": (_("Bought again"), _("They placed an order in the 60 days after it ended.")),
        "recommends": (
            _("Recommend us since"),
            _("Of those asked in the 60 days, who said 9 or 10 of 10 at last: advocates, when they were reached."),
        ),
        "effort": (_("Effort after"), _("What their conversations of these 60 days cost them, in points of effort.")),
    }
    sides = [
        Side(
            *said[one.name],
            [
                _tile(word, figure, f"{side}_{'measured' if one.name == 'effort' else one.name}", one.name != "effort")
                for side, word, figure in (
                    ("reached", _("Reached"), one.reached), ("missed", _("Not reached"), one.missed),
                )
            ],
            _differs(one.change, one.name != "effort"),
        )
        for one in found.sides
    ]  # fmt: skip
    return {"tiles": tiles, "sides": sides}


def _tile(word: str, figure: Figure, which: str, is_share: bool = True) -> Tile:
    if figure.value is None or figure.low is None or figure.high is None:
        return Tile(word, "", _("too few, n %(n)s") % {"n": figure.n}, which)
    value = _("%(share)s %%") % {"share": f"{figure.value:.0f}"} if is_share else f"{figure.value:.1f}"
    ends = f"{figure.low:.0f}–{figure.high:.0f}" if is_share else f"{figure.low:.1f}–{figure.high:.1f}"
    return Tile(word, value, _("%(ends)s, n %(n)s") % {"ends": ends, "n": figure.n}, which)


def _differs(change: Change | None, is_share: bool) -> str:
    if change is None:
        return _("too few to compare")
    if not change.real:
        return _("no real difference")
    amount = f"{abs(change.value):.0f}" if is_share else f"{abs(change.value):.1f}"
    more = _("reached %(amount)s higher, real") if change.value > 0 else _("reached %(amount)s lower, real")
    return more % {"amount": amount}


def _row(one: Any) -> dict[str, Any]:
    causes = sorted(one.causes.all(), key=lambda cause: cause.pk)
    first, team = causes[0] if causes else None, one.conversation.team
    said = {"cause": first.kind, "metric": first.metric, "score": first.score, "top": first.top} if first else {}
    return {
        "one": one, "why": recovering.why(said), "words": first.words or first.promise if first else "",
        "owner": one.conversation.assignee.name if one.conversation.assignee else team.name if team else "",
        "late": queries.is_late(one), "name": one.person.name,
        "outcome": recovering.outcome(one.outcome, resolved=bool(one.resolved)) if one.outcome else "",
        "given": [str(Money(given.amount_minor, given.currency)) for given in one.goodwill.all()],
    }  # fmt: skip


def _place(written: str) -> tuple[datetime, int] | None:
    """Where the page before ended; the first page for anything else."""
    moment, _mark, told = written.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    usable = at.tzinfo is not None and told.isascii() and told.isdecimal() and len(told) < 19
    return (at, int(told)) if usable else None
