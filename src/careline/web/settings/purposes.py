"""Kinds of message the house writes unasked: what customers say yes or no to."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from careline.customers import actions, queries
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, show


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def purposes(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("organization.manage")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        rows = [(one.name, queries.in_words(one.label), queries.in_words(one.about)) for one in queries.purposes()]
        return show(request, "purposes", "purposes.html", {"rows": rows, "errors": errors}, status)

    if request.method != "POST":
        return draw({})
    acts = {
        "define": lambda: actions.define_purpose(
            post.get("name", "").strip(), post.get("label", ""), post.get("about", ""), actor=actor
        ),
        "drop": lambda: actions.drop_purpose(post.get("name", ""), actor=actor),
    }
    return attempt(request, acts, draw, back="/settings/purposes")
