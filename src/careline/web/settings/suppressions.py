"""Addresses nothing is sent to: looked for, and lifted once one of them works again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from careline import contact
from careline.contact import queries, reasons
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, number, show

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def suppressions(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    wanted = request.GET.get("address", "").strip()[:320].replace("\0", "")
    before = _place(request.GET.get("before", ""))

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        rows = queries.suppressions(actor, address=wanted, before=before, limit=PAGE + 1)
        last = rows[PAGE - 1] if len(rows) > PAGE else None
        known: dict[str, Any] = {
            "rows": [(one, reasons.of_suppression(one.reason)) for one in rows[:PAGE]],
            "wanted": wanted,
            "may_lift": actor.may("customers.edit"),
            "older": f"?before={quote(f'{last.at.isoformat()}~{last.pk}')}" if last else "",
            "newer": "/settings/suppressions" if before else "",
            "errors": errors,
        }
        return show(request, "suppressions", "suppressions.html", known, status)

    if request.method != "POST":
        return draw({})
    lift = {"lift": lambda: contact.lift(number(post.get("suppression")), actor=actor)}
    return attempt(request, lift, draw, back="/settings/suppressions")


def _place(written: str) -> tuple[datetime, int] | None:
    """Where the page before ended; the first page for anything else."""
    moment, _mark, told = written.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    usable = at.tzinfo is not None and told.isascii() and told.isdecimal() and len(told) < 19
    return (at, int(told)) if usable else None
