"""The first run, one page: it makes the owner, the organization and a chat, once."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.accounts import actions, queries, sessions
from careline.channels import access
from careline.channels import actions as channels
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.web.line import Moment
from careline.web.settings.choices import countries, currencies
from careline.web.signin.entering import entrance

FIELDS = ("name", "email", "organization_name", "zone", "currency", "country")


@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    if queries.is_set_up():
        return redirect("/desk")
    given = {name: request.POST.get(name, "") for name in FIELDS}
    context: dict[str, Any] = {
        "given": given,
        "errors": {},
        "zones": [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
        "currencies": currencies(),
        "countries": countries(),
        "step": step,
    }
    if request.method != "POST":
        given |= {"zone": "UTC", "currency": "USD", "country": "US"}
        return render(request, "setup/set_up.html", context)
    try:
        key = _founded(
            given,
            request.POST.get("password", ""),
            user_agent=request.headers.get("User-Agent", ""),
            address=request.META.get("REMOTE_ADDR", ""),
        )
    except Refused as refusal:
        context["errors"] = {refusal.field or "": str(refusal)}
        return render(request, "setup/set_up.html", context, status=refusal.status)
    return entrance(redirect("/settings/inboxes"), key)


@transaction.atomic
def _founded(given: dict[str, Any], password: str, *, user_agent: str, address: str) -> str:
    """The house with one chat, so that there is something to try at once; the key of the owner's session."""
    owner = actions.set_up(password=password, language=get_language() or "en", **given)
    key = sessions.open_session(owner, user_agent=user_agent, address=address)
    actor = access.actor_of_session(key, address)
    assert actor is not None
    channels.create_inbox(actor=actor, kind="webchat", name=_("Chat"), language=get_language() or "en")
    return key


def step(*, onward: int | None = 0, guess: bool = False, shape: str = "talk") -> Moment:
    """A place on the line of the set-up."""
    return Moment(at=clock.now(), head="", icon="", way="", shape=shape, onward=onward, guess=guess)
