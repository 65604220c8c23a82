"""Roles: what they allow, where they end, from where they may be used, and how their people sign in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.accounts import actions, queries
from careline.accounts.permissions import PERMISSIONS
from careline.accounts.proofs import PROOFS
from careline.channels import confining
from careline.channels import queries as channels
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, number, show


def proof_words() -> dict[str, str]:
    """Ways of signing in, short, for a chip."""
    return {
        "password": _("Password alone"),
        "code": _("Password and code"),
        "passkey": _("Passkey"),
        "company": _("Company account"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def roles(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("roles.manage")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        known: dict[str, Any] = {
            "roles": list(queries.roles(actor)),
            "permissions": [(name, str(sentence)) for name, sentence in PERMISSIONS.items()],
            "inboxes": [(str(one.pk), one.name) for one in channels.visible_to(actor)],
            "teams": [(str(one.pk), one.name) for one in queries.teams(actor)],
            "proofs": list(proof_words().items()),
            "every_proof": list(PROOFS),
            "address": request.address,
            "errors": errors,
        }
        return show(request, "roles", "roles.html", known, status)

    if request.method != "POST":
        return draw({})

    def confine() -> Any:
        """Only what is said to be narrowed is; a list nobody looked at narrows nothing."""
        return confining.confine(
            number(post.get("role")),
            actor=actor,
            inbox_ids=[number(one) for one in post.getlist("inboxes")] if post.get("in_inboxes") else None,
            team_ids=[number(one) for one in post.getlist("teams")] if post.get("in_teams") else None,
            teamless=bool(post.get("teamless")),
            networks=post.get("networks", "").split(),
            proofs=post.getlist("proofs"),
            address=request.address,
        )

    permissions = post.getlist("permissions")
    acts = {
        "create": lambda: actions.create_role(post.get("name", ""), actor=actor, permissions=permissions),
        "change": lambda: actions.update_role(number(post.get("role")), actor=actor, permissions=permissions),
        "confine": confine,
        "delete": lambda: actions.delete_role(number(post.get("role")), actor=actor),
    }
    return attempt(request, acts, draw, back="/settings/roles")
