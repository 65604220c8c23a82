"""One's own ways in beside the password: an app that shows codes, passkeys, the company account."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careline.accounts import actions, ways
from careline.accounts.proofs import PROOFS
from careline.web.doors import AgentRequest, signed_in
from careline.web.qr import picture
from careline.web.settings.pages import attempt, number, show
from careline.web.signin.ways import Answered, read

HERE = "/settings/ways"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ways_in(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST

    def draw(errors: dict[str, str], status: int = 200, codes: list[str] | None = None) -> HttpResponse:
        own = ways.own(actor)
        known: dict[str, Any] = {
            "own": own,
            "picture": picture(own.begun) if own.begun else "",
            "accepted": [str(PROOFS[name]) for name in own.accepted],
            "codes": codes or [],
            "errors": errors,
        }
        return show(request, "ways", "ways.html", known, status)

    def confirm() -> HttpResponse:
        codes = actions.confirm_codes(
            post.get("code", ""), actor=actor, address=request.address, session=request.session_key
        )
        return draw({}, codes=codes)

    if request.method != "POST":
        return draw({})
    acts = {
        "begin": lambda: actions.begin_codes(actor=actor) and None,
        "confirm": confirm,
        "renew": lambda: draw({}, codes=actions.renew_recovery_codes(actor=actor)),
        "forget-codes": lambda: actions.forget_codes(actor=actor),
        "forget-passkey": lambda: actions.forget_passkey(number(post.get("passkey")), actor=actor),
    }
    return attempt(request, acts, draw, back=HERE)


@require_POST
@signed_in
def passkey_asked(request: AgentRequest) -> HttpResponse:
    key, asked = actions.begin_passkey(actor=request.actor)
    return JsonResponse({"key": key, "publicKey": asked})


@require_POST
@signed_in
def passkey(request: AgentRequest) -> HttpResponse:
    given = read(request, Answered)
    actions.add_passkey(
        given.key, given.answer, actor=request.actor, name=given.name or _("Passkey"), session=request.session_key
    )
    return JsonResponse({"to": f"{HERE}?done=passkey"})
