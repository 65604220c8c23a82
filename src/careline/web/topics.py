"""Topics: what customers write about, each figure the way to the words behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from careline.insights.metrics.figures import Change, Figure
from careline.insights.topics import actions, queries
from careline.insights.topics.queries import Counted
from careline.kit.refusals import Refused
from careline.web import viewer
from careline.web.doors import AgentRequest, signed_in
from careline.web.people.drawn import number

BOTH = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 50


@BOTH
@signed_in
def topics(request: AgentRequest) -> HttpResponse:
    """The list; posted, topics are searched again."""
    if request.method == "POST":
        actions.find(actor=request.actor)
        return redirect("/topics")
    days, away = _days(request), request.GET.get("away") == "1"
    found = queries.counts(request.actor, days=days, away=away)
    run = queries.finding(request.actor)
    is_running = run is not None and run.ended_at is None
    answer = render(request, "topics/list.html", {
        "rows": [_row(one) for one in found.topics], "found": found, "days": days, "away": away, "spans": _spans(),
        "run": run, "is_running": is_running,
        "by_letters": [viewer.named(code) for code in (run.by_letters if run else [])],
    })  # fmt: skip
    if request.headers.get("HX-Request") and not is_running:
        # Whoever watched it sees what it found.
        answer["HX-Refresh"] = "true"
    return answer


@BOTH
@signed_in
def topic(request: AgentRequest, topic_id: int) -> HttpResponse:
    """One with the words behind a figure of it; posted, it is changed."""
    error = ""
    if request.method == "POST":
        try:
            kept = _changed(request, topic_id)
            return redirect(f"/topics/{kept}?days={_days(request)}")
        except Refused as refusal:
            if refusal.status != 422:
                raise
            error = str(refusal)
    actor, days = request.actor, _days(request)
    asked = request.GET.get("which", "all")
    which = next((one for one in queries.WHICH if one == asked), queries.WHICH[0])
    one = queries.counted(actor, topic_id, days=days)
    before = _place(request.GET.get("before", ""))
    rows = queries.members(actor, topic_id, days=days, which=which, before=before, limit=PAGE + 1)
    older = ""
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        older = f"?{urlencode({'which': which, 'days': days, 'before': f'{last.said_at.isoformat()}~{last.id}'})}"
    others = [each for each in queries.counts(actor, days=days).topics if each.language == one.language]
    context = {
        "row": _row(one), "rows": rows[:PAGE], "which": which, "days": days, "spans": _spans(), "older": older,
        "choices": list(_choices().items()), "moods": _moods(), "error": error,
        "others": [each for each in others if each.id != one.id],
        "may_write": actor.may("knowledge.edit"), "may_answers": actor.may("surveys.view"),
    }  # fmt: skip
    return render(request, "topics/topic.html", context, status=422 if error else 200)


def _changed(request: AgentRequest, topic_id: int) -> int:
    """The number of the topic to look at then."""
    actor, post = request.actor, request.POST
    match post.get("what", ""):
        case "name":
            actions.change(topic_id, actor=actor, name=post.get("name", ""))
        case "lock" | "unlock" as what:
            actions.change(topic_id, actor=actor, is_locked=what == "lock")
        case "away" | "back" as what:
            actions.change(topic_id, actor=actor, is_away=what == "away")
        case "merge":
            return actions.merge(topic_id, number(post.get("into", "")), actor=actor).pk
        case "part":
            actions.part(number(post.get("part", "")), actor=actor)
        case _:
            raise Refused(_("Choose one from the list."), field="what")
    return topic_id


def _row(one: Counted) -> dict[str, Any]:
    return {
        "one": one, "share": _told(one.share), "trend": _trend(one.change), "negative": _told(one.negative),
        "content": _told(one.content), "language": viewer.named(one.language),
    }  # fmt: skip


def _told(figure: Figure) -> tuple[str, str]:
    """The value, and how sure it is."""
    if figure.value is None or figure.low is None or figure.high is None:
        return "", _("too few, n %(n)s") % {"n": figure.n}
    value = _("%(share)s %%") % {"share": f"{figure.value:.0f}"}
    return value, _("%(ends)s, n %(n)s") % {"ends": f"{figure.low:.0f}–{figure.high:.0f}", "n": figure.n}


def _trend(change: Change | None) -> tuple[str, bool]:
    """In words, and whether it is more than chance."""
    if change is None:
        return _("cannot tell yet"), False
    if not change.real:
        return _("no real change yet"), False
    said = _("%(points)s points more") if change.value > 0 else _("%(points)s points fewer")
    return said % {"points": f"{abs(change.value):.0f}"}, True


def _choices() -> dict[str, str]:
    return {
        "all": _("All"), "negative": _("Sounding bad"), "read": _("Whose mood could be read"),
        "rated": _("Who said how content they are"), "before": _("The period before"),
    }  # fmt: skip


def _moods() -> dict[str, str]:
    return {"positive": _("sounds good"), "negative": _("sounds bad"), "mixed": _("mixed feelings")}


def _spans() -> list[tuple[int, str]]:
    said = {days: ngettext("%(count)s day", "%(count)s days", days) % {"count": days} for days in queries.DAYS}
    return list(said.items())


def _days(request: AgentRequest) -> int:
    asked = request.GET.get("days", "")
    return next((one for one in queries.DAYS if str(one) == asked), 28)


def _place(written: str) -> tuple[datetime, int] | None:
    """Where the page before ended; the first page for anything else."""
    moment, _mark, told = written.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    usable = at.tzinfo is not None and told.isascii() and told.isdecimal() and len(told) < 19
    return (at, int(told)) if usable else None
