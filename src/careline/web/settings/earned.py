"""Answers by themselves: which intents have earned them, the switch of each, and what went, to be looked at."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.kit.refusals import Refused
from careline.service.assist import earning
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, number, show

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def earned(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must(earning.NEEDS)

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        rows = earning.standings(actor)
        context = {
            "rows": rows, "names": {one.code: one.name for one in rows}, "bounds": earning.bounds(),
            "samples": earning.samples(actor, limit=SHOWN), "unread": earning.unread(actor), "share": earning.SHARE,
            "days": earning.LONG.days, "errors": errors,
        }  # fmt: skip
        return show(request, "earned", "earned.html", context, status)

    def switch() -> None:
        earning.switch(post.get("intent", ""), on=post.get("on") == "1", actor=actor)

    def keep() -> None:
        earning.keep(earning.Bounds(_whole(post.get("least")), _whole(post.get("every"))),
                     actor=actor)  # fmt: skip

    def review() -> None:
        if post.get("right") not in ("0", "1"):
            raise Refused(_("Choose one from the list."))
        earning.review(number(post.get("sample")), right=post.get("right") == "1", actor=actor)

    acts = {"switch": switch, "keep": keep, "review": review}
    return attempt(request, acts, draw, back="/settings/earned") if post else draw({})


def _whole(given: str | None) -> int:
    """In no digits it is a number nobody may give, which says what may be given."""
    said = (given or "").strip()
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0
