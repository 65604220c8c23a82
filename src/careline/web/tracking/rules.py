"""Rules for events: those of the house, those that hold anyway, and a look at what one would do before it does."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.kit.money import Money
from careline.tracking import actions, mapping, queries
from careline.web import kind_words
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, number, show

FIELDS = ("kind", "journey", "journey_property", "stage", "value_property", "currency_property")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rules(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("organization.manage")

    def draw(errors: dict[str, str], status: int = 200, **more: Any) -> HttpResponse:
        known: dict[str, Any] = {
            "rules": list(queries.rules(actor)),
            "usual": queries.usual(),
            "kinds": kind_words.choices(mapping.MAPPABLE),
            "names": queries.names(actor) if actor.may("customers.view") else [],
            "event": request.GET.get("event", "")[:200],
            "preview": None,
            "written": {},
            "errors": errors,
        }
        return show(request, "rules", "rules.html", known | more, status)

    def fields() -> dict[str, str]:
        return {name: post.get(name, "").strip() for name in FIELDS}

    def preview() -> HttpResponse:
        found = queries.preview(actor, post.get("event", ""), fields())
        return draw({}, preview=[_drawn(one) for one in found], written={"event": post.get("event", ""), **fields()})

    if request.method != "POST":
        return draw({})
    acts = {
        "save": lambda: actions.set_rule(post.get("event", ""), actor=actor, **fields()),
        "preview": preview,
        "drop": lambda: actions.drop_rule(number(post.get("rule")), actor=actor),
    }
    return attempt(request, acts, draw, back="/settings/rules")


def _drawn(seen: queries.Seen) -> dict[str, str]:
    """One of the last events as it would be."""
    told = seen.told
    facts = told.facts if isinstance(told.facts, dict) else {}
    minor = facts.get("total_minor", facts.get("value_minor"))
    return {
        "source": seen.source,
        "message_id": seen.message_id,
        "before": seen.before,
        "kind": told.kind,
        "journey": told.journey or "",
        "stage": str(facts.get("stage", "")),
        "value": str(Money(minor, facts["currency"])) if minor is not None else "",
        "missing": _("%(field)s is missing") % {"field": told.missing} if told.missing else "",
    }
