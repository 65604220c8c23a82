"""Where bots answer, inbox by inbox, the secrets their calls may use, and how well they do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careline.channels import queries as channels
from careline.insights.metrics import intervals
from careline.insights.metrics.intervals import Estimate
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.service.bots import answering, quality, queries
from careline.service.bots.answering import Settings
from careline.service.intents import queries as intents
from careline.web.bots import words
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import number

DAYS = (7, 30, 90)
SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def where(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    known = answering.answerings(actor)
    error, status, given = "", 200, ""
    if request.method == "POST":
        try:
            return _done(request)
        except Refused as refusal:
            if refusal.status not in (409, 422):
                raise
            error, status, given = str(refusal), refusal.status, post.get("inbox", "")
    rows = [(inbox, _drawn(known.get(inbox.pk), post if given == str(inbox.pk) else None))
            for inbox in channels.visible_to(actor)]  # fmt: skip
    context = {
        "rows": rows, "error": error, "given": given, "secrets": answering.secrets(actor), "post": post,
        "flows": [(one.pk, one.name, one.version) for one in queries.listed(actor)],
    }  # fmt: skip
    return words.page(request, "bots/where.html", context, tab="where", status=status)


def _done(request: AgentRequest) -> HttpResponse:
    actor, post, what = request.actor, request.POST, request.POST.get("what", "")
    if what == "answer":
        wanted = Settings(
            is_on="is_on" in post, flows=[number(one) for one in post.getlist("flows")], articles="articles" in post,
            name=post.get("name", ""), url=post.get("url", ""), secret=post.get("secret", "").strip() or None,
        )  # fmt: skip
        answering.answer(number(post.get("inbox")), wanted, actor=actor)
    elif what == "secret":
        answering.keep_secret(post.get("secret_name", ""), post.get("value", ""), post.get("host", ""), actor=actor)
    elif what == "drop":
        answering.drop_secret(post.get("secret_name", ""), actor=actor)
    else:
        raise Refused(_("There is nothing of that name to change."))
    return redirect(f"/bots/where?done={what}")


def _drawn(kept: Any, post: Any) -> dict[str, Any]:
    if post is not None:
        chosen = {int(one) for one in post.getlist("flows") if one.isdecimal() and len(one) < 19}
        return {
            "is_on": "is_on" in post, "flows": chosen, "articles": "articles" in post, "name": post.get("name", ""),
            "url": post.get("url", ""), "has_secret": bool(kept and kept.secret),
        }  # fmt: skip
    if kept is None:
        fresh = Settings(is_on=False)
        return {
            "is_on": False, "flows": set(), "articles": fresh.articles, "name": fresh.name, "url": "",
            "has_secret": False,
        }  # fmt: skip
    return {
        "is_on": kept.is_on, "flows": {one.pk for one in kept.flows.all()}, "articles": kept.articles,
        "name": kept.name, "url": kept.url, "has_secret": kept.secret is not None,
    }  # fmt: skip


@require_safe
@signed_in
def how_well(request: AgentRequest) -> HttpResponse:
    """Counts of what was judged in a period, and what agents made of it; each opens to its conversations."""
    actor = request.actor
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(one) for one in DAYS} else 30
    begun = clock.now() - timedelta(days=days)
    found = quality.quality(actor, begun)
    looked = found.right + found.wrong
    band = request.GET.get("show", "")
    rows = quality.judged(actor, begun)
    if band in ("run", "ask", "answer", "refuse"):
        rows = rows.filter(band=band)
    elif band in ("right", "wrong"):
        rows = rows.filter(correction=band)
    elif band == "missed":
        rows = rows.filter(correction="wrong", band__in=["ask", "refuse"]).exclude(right_intent="")
    context = {
        "found": found, "days": days, "every": DAYS, "least": quality.LEAST, "looked": looked, "show": band,
        "coverage": _share(found.ran + found.answered, found.judged),
        "refusals": _share(found.refused, found.judged),
        "asked_back": _share(found.asked, found.judged), "precision": _share(found.right, looked),
        "rows": list(rows[:SHOWN]), "names": {one.code: one.name for one in intents.listed(actor)},
        "did": bands(),
    }  # fmt: skip
    return words.page(request, "bots/quality.html", context, tab="quality")


def bands() -> dict[str, str]:
    return {
        "run": _("ran a flow"), "ask": _("asked back"), "answer": _("answered from an article"),
        "refuse": _("called a person"),
    }  # fmt: skip


def _share(part: int, of: int) -> Estimate | None:
    return intervals.share(part, of) if of >= quality.LEAST else None
