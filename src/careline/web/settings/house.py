"""The firm and its teams."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from careline.accounts import actions, queries
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings import choices
from careline.web.settings.pages import attempt, number, show

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@BOTH
@signed_in
def organization(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("organization.manage")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        firm = queries.organization()
        return show(
            request,
            "organization",
            "organization.html",
            {
                "firm": firm,
                "zones": [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
                "countries": choices.countries(),
                "currencies": choices.currencies(),
                "languages": choices.languages(),
                "errors": errors,
            },
            status,
        )

    if request.method != "POST":
        return draw({})
    acts = {
        "firm": lambda: actions.update_organization(
            actor=actor,
            languages=post.getlist("languages"),
            name=post.get("name", ""),
            zone=post.get("zone", ""),
            currency=post.get("currency", ""),
            country=post.get("country", ""),
        ),
    }
    return attempt(request, acts, draw, back="/settings/organization")


@BOTH
@signed_in
def teams(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("teams.manage")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        known = {"teams": list(queries.teams(actor)), "agents": list(queries.agents(actor)), "errors": errors}
        return show(request, "teams", "teams.html", known, status)

    if request.method != "POST":
        return draw({})

    def chosen() -> list[int]:
        return [number(one) for one in post.getlist("agents")]

    acts = {
        "create": lambda: actions.create_team(post.get("name", ""), actor=actor, agent_ids=chosen()),
        "rename": lambda: actions.rename_team(number(post.get("team")), actor=actor, name=post.get("name", "")),
        "members": lambda: actions.set_team_members(number(post.get("team")), actor=actor, agent_ids=chosen()),
        "delete": lambda: actions.delete_team(number(post.get("team")), actor=actor),
    }
    return attempt(request, acts, draw, back="/settings/teams")
