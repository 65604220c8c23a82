"""One's own settings: name, language, look, password, and where one is signed in."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careline.accounts import actions, queries
from careline.channels import signatures
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings import choices
from careline.web.settings.pages import attempt, open_to, show


@require_safe
@signed_in
def first(request: AgentRequest) -> HttpResponse:
    """The area opens at the first page this agent sees."""
    return redirect(open_to(request)[0].url)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def own(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    mine = actor.agent_id or 0

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        known: dict[str, Any] = {
            "agent": queries.agent(actor, mine),
            "languages": choices.languages(),
            "zones": [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
            "themes": [("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))],
            "densities": [("comfortable", _("Comfortable")), ("compact", _("Compact"))],
            "below": signatures.of_mine(actor),
            "sessions": queries.sessions_of(actor, mine, key=request.session_key),
            "errors": errors,
        }
        return show(request, "own", "own.html", known, status)

    if request.method != "POST":
        return draw({})
    acts = {
        "profile": lambda: actions.update_profile(
            mine, actor=actor, **{name: post.get(name) for name in ("name", "language", "zone", "theme", "density")}
        ),
        "signature": lambda: actions.update_profile(mine, actor=actor, signature=post.get("signature", "")),
        "signing": lambda: render(
            request,
            "settings/_signatures.html",
            {
                "below": signatures.of_mine(actor, post.get("signature", "")),
                "named": True,
            },
        ),
        "password": lambda: actions.change_password(
            actor=actor, current=post.get("current", ""), password=post.get("password", ""), but=request.session_key
        ),
        "end": lambda: actions.end_session(post.get("session", ""), actor=actor),
        "everywhere": lambda: actions.sign_out_everywhere(mine, actor=actor, but=request.session_key) and None,
    }
    return attempt(request, acts, draw, back="/settings/own")
