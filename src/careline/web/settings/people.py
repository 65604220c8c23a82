"""Agents and invitations; API tokens."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.accounts import actions, queries, ways
from careline.accounts.permissions import PERMISSIONS
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, number, show
from careline.web.settings.roles import proof_words

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@BOTH
@signed_in
def agents(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("agents.manage")

    def draw(errors: dict[str, str], status: int = 200, **more: Any) -> HttpResponse:
        known = {
            "agents": list(queries.agents(actor)),
            "roles": [(str(role.pk), role.name) for role in queries.roles(actor)],
            "teams": [("", _("None"))] + [(str(team.pk), team.name) for team in queries.teams(actor)],
            "invitations": list(queries.invitations(actor)),
            "invited": None,
            "own_id": actor.agent_id,
            "ways": {key: [proof_words()[one] for one in held] for key, held in ways.of_agents(actor).items()},
            "errors": errors,
        }
        return show(request, "agents", "agents.html", known | more, status)

    def invited(made: Any) -> HttpResponse:
        return draw({}, invited=made)

    if request.method != "POST":
        return draw({})
    acts = {
        "invite": lambda: invited(
            actions.invite(
                post.get("email", ""),
                actor=actor,
                role_id=number(post.get("role")),
                name=post.get("name", ""),
                team_id=number(post.get("team")) if post.get("team") else None,
            )
        ),
        "resend": lambda: invited(actions.resend_invitation(number(post.get("invitation")), actor=actor)),
        "revoke": lambda: actions.revoke_invitation(number(post.get("invitation")), actor=actor),
        "role": lambda: actions.change_role(number(post.get("agent")), actor=actor, role_id=number(post.get("role"))),
        "deactivate": lambda: actions.deactivate(number(post.get("agent")), actor=actor),
        "forget": lambda: actions.forget_ways(number(post.get("agent")), actor=actor),
        "reactivate": lambda: actions.reactivate(number(post.get("agent")), actor=actor),
    }
    return attempt(request, acts, draw, back="/settings/agents")


@BOTH
@signed_in
def tokens(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("tokens.manage")

    def draw(errors: dict[str, str], status: int = 200, secret: str = "") -> HttpResponse:
        known = {
            "tokens": list(queries.tokens(actor)),
            "agents": [(str(agent.pk), agent.name) for agent in queries.agents(actor)],
            "own_id": str(actor.agent_id),
            "permissions": [(name, str(sentence)) for name, sentence in PERMISSIONS.items()],
            "most_days": queries.organization().token_days,
            "secret": secret,
            "errors": errors,
        }
        return show(request, "tokens", "tokens.html", known, status)

    def create() -> HttpResponse:
        days = post.get("days", "").strip()
        _token, secret = actions.create_token(
            number(post.get("agent")),
            actor=actor,
            name=post.get("name", ""),
            days=number(days) if days else None,
            permissions=post.getlist("permissions") if post.get("only") else None,
        )
        return draw({}, secret=secret)

    if request.method != "POST":
        return draw({})
    acts = {"create": create, "revoke": lambda: actions.revoke_token(number(post.get("token")), actor=actor)}
    return attempt(request, acts, draw, back="/settings/tokens")
