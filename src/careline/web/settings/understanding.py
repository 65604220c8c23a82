"""How words are understood here: each language of the house, and the language model if there is one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.accounts import queries as accounts
from careline.intelligence import actions, queries
from careline.intelligence.port import Outcome
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import show
from careline.web.viewer import named


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def understanding(request: AgentRequest) -> HttpResponse:
    """A post asks the language model whether it is there, and shows what it said."""
    actor = request.actor
    actor.must("organization.manage")
    said: Outcome[str] | None = actions.knock(actor=actor) if request.method == "POST" else None
    context: dict[str, Any] = {
        "readings": queries.readings(accounts.organization().languages or ["en"]),
        "endpoint": queries.endpoint(actor),
        "calls": queries.calls(actor),
        "days": queries.DAYS,
        "said": said,
        "verdicts": verdicts(),
        "ways": ways(),
        "named": named,
    }
    return show(request, "meaning", "meaning.html", context)


def ways() -> dict[str, str]:
    return {
        "packaged": _("by meaning, with the model that comes with Careline"),
        "extra": _("by meaning, with the model of the extra “multilingual”"),
        "letters": _("by words and letters alone"),
    }


def verdicts() -> dict[str, str]:
    return {
        "answered": _("answered"),
        "unconfigured": _("none is configured"),
        "over-budget": _("over the day's budget"),
        "slow": _("too slow"),
        "down": _("not reached"),
        "refused": _("refused by the other side"),
        "malformed": _("unreadable"),
        "ungrounded": _("not borne out by its sources"),
        "unsure": _("not sure enough"),
        "": _("ended unfinished"),
    }
