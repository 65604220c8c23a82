"""How long people stay signed in, and where company accounts come from."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.accounts import actions, company, queries, ways
from careline.kit.refusals import NotAllowed, Refused
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, number, show

BOTH = require_http_methods(["GET", "HEAD", "POST"])
HERE = "/settings/signing-in"
# Empty lines for further groups.
MORE = 3
DAY, HOUR = 24 * 60, 60


@BOTH
@signed_in
def signing_in(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    if not (actor.may("organization.manage") or actor.may("roles.manage")):
        actor.must("organization.manage")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        house = queries.organization()
        known: dict[str, Any] = {
            "house": house,
            "hours": f"{house.session_minutes / HOUR:g}",
            "providers": list(ways.providers(actor)) if actor.may("roles.manage") else [],
            "may_policy": actor.may("organization.manage"),
            "may_provide": actor.may("roles.manage"),
            "errors": errors,
        }
        return show(request, "signing-in", "signing_in.html", known, status)

    if request.method != "POST":
        return draw({})
    acts = {
        "policy": lambda: actions.keep_policy(
            actor=actor,
            session_minutes=round(_amount(post.get("hours", ""), "session_minutes") * HOUR),
            idle_minutes=_optional(post.get("idle", "")),
            token_days=_optional(post.get("days", "")),
        ),
    }
    return attempt(request, acts, draw, back=HERE)


@BOTH
@signed_in
def provider(request: AgentRequest) -> HttpResponse:
    """One of them by `id` in the address; without it a new one."""
    actor, post = request.actor, request.POST
    if not actor.may("roles.manage"):
        raise NotAllowed(_("Only who may write roles decides who gets in as whom."))
    known_id = number(request.GET["id"]) if request.GET.get("id") else None
    known = ways.provider(actor, known_id) if known_id is not None else None

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        one = _written(post) if errors else _kept(known)
        context: dict[str, Any] = {
            "known": known, "one": one, "back": company.back(), "errors": errors,
            "roles": [("", _("None")), *((str(role.pk), role.name) for role in queries.roles(actor))],
            "teams": [("", _("None")), *((str(team.pk), team.name) for team in queries.teams(actor))],
        }  # fmt: skip
        return show(request, "signing-in", "provider.html", context, status)

    if request.method != "POST":
        return draw({})
    acts = {
        "keep": lambda: actions.keep_provider(_read(post), actor=actor, provider_id=known_id),
        "drop": lambda: actions.drop_provider(known_id or 0, actor=actor),
    }
    return attempt(request, acts, draw, back=HERE)


def _kept(known: Any) -> dict[str, Any]:
    if known is None:
        return dict.fromkeys(("name", "issuer", "client_id", "trusts_addresses", "role"), "") | {
            "groups_claim": "groups", "is_active": True, "groups": [("", "", "")] * MORE,
        }  # fmt: skip
    groups = [(one.name, str(one.role_id or ""), str(one.team_id or "")) for one in known.groups.all()]
    names = ("name", "issuer", "client_id", "groups_claim", "trusts_addresses", "is_active")
    return {name: getattr(known, name) for name in names} | {
        "role": str(known.role_id or ""), "groups": [*groups, *[("", "", "")] * MORE],
    }  # fmt: skip


def _lines(post: QueryDict) -> list[tuple[str, str, str]]:
    columns = [post.getlist(name) for name in ("group", "group_role", "group_team")]
    return [(name.strip(), role, team) for name, role, team in zip(*columns, strict=False) if name.strip()]


def _written(post: QueryDict) -> dict[str, Any]:
    names = ("name", "issuer", "client_id", "groups_claim", "trusts_addresses", "is_active", "role")
    return {name: post.get(name, "") for name in names} | {"groups": [*_lines(post), *[("", "", "")] * MORE]}


def _read(post: QueryDict) -> actions.Given:
    return actions.Given(
        name=post.get("name", ""),
        issuer=post.get("issuer", ""),
        client_id=post.get("client_id", ""),
        secret=post.get("secret", ""),
        groups_claim=post.get("groups_claim", ""),
        trusts_addresses=bool(post.get("trusts_addresses")),
        role_id=_chosen(post.get("role")),
        is_active=bool(post.get("is_active")),
        groups=tuple(actions.Group(name, _chosen(role), _chosen(team)) for name, role, team in _lines(post)),
    )


def _chosen(value: str | None) -> int | None:
    return number(value) if value else None


def _amount(written: str, field: str) -> float:
    try:
        found = float(written.replace(",", "."))
    except ValueError:
        raise Refused(_("Write a number."), field=field) from None
    if not 0 <= found <= 100_000:
        raise Refused(_("Write a number."), field=field)
    return found


def _optional(written: str) -> int | None:
    return number(written.strip()) if written.strip() else None
