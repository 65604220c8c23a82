"""The rest of the way in: a code, what a role wants set up first, a passkey, a company account."""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline.accounts import actions, ways
from careline.kit.refusals import Refused
from careline.web import errors
from careline.web.qr import picture
from careline.web.signin.entering import aim_of, entrance, from_where

BOTH = require_http_methods(["GET", "HEAD", "POST"])
STEP = "careline_step"


class Asked(msgspec.Struct):
    """What a browser wants when it asks for a passkey to be asked for."""

    next: str = ""
    stay: bool = False


class Answered(msgspec.Struct):
    key: str
    answer: dict[str, Any]
    name: str = ""


def onward(step: actions.OnTheWay) -> HttpResponse:
    """To the page of a step, which only this browser holds the key of."""
    return _holding(redirect(f"/sign-in/{step.kind}"), step.key)


@BOTH
def code(request: HttpRequest) -> HttpResponse:
    key = _key(request)
    carried = ways.carried(key, "code")
    context: dict[str, Any] = {"error": ""}
    if request.method != "POST":
        return render(request, "signin/code.html", context)
    try:
        found = actions.answer_code(key, request.POST.get("code", ""), **from_where(request))
    except Refused as refusal:
        if refusal.status == 403:
            raise
        context["error"] = str(refusal)
        return errors.timed(render(request, "signin/code.html", context, status=refusal.status), refusal)
    if isinstance(found, actions.OnTheWay):
        return onward(found)
    return _in(found.key, carried)


@BOTH
def secure(request: HttpRequest) -> HttpResponse:
    """What the role wants is set up here, with the password as proof; then one is in."""
    key = _key(request)
    actor, carried = ways.securing(key), ways.carried(key, "secure")
    context: dict[str, Any] = {"error": "", "codes": [], "aim": aim_of(carried)}
    status, entered = 200, ""
    if request.method == "POST":
        try:
            if request.POST.get("what") == "begin":
                actions.begin_codes(actor=actor)
                return redirect("/sign-in/secure")
            address = from_where(request)["address"]
            context["codes"] = actions.confirm_codes(request.POST.get("code", ""), actor=actor, address=address)
            entered = actions.secured(key, "code", **from_where(request)).key
        except Refused as refusal:
            if refusal.status == 403:
                raise
            context["error"], status = str(refusal), refusal.status
    own = ways.own(actor)
    context |= {"own": own, "picture": picture(own.begun) if own.begun else ""}
    answer = render(request, "signin/secure.html", context, status=status)
    return _forgetting(entrance(answer, entered, stay=bool(carried.get("stay")))) if entered else answer


@require_POST
def passkey_asked(request: HttpRequest) -> HttpResponse:
    wanted = read(request, Asked)
    key, asked = actions.ask_passkey(carried={"aim": wanted.next, "stay": wanted.stay})
    return JsonResponse({"key": key, "publicKey": asked})


@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    given = read(request, Answered)
    carried = ways.carried(given.key, "passkey")
    found = actions.sign_in_with_passkey(given.key, given.answer, **from_where(request))
    return entrance(JsonResponse({"to": aim_of(carried)}), found.key, stay=bool(carried.get("stay")))


@require_POST
def secure_passkey_asked(request: HttpRequest) -> HttpResponse:
    key, asked = actions.begin_passkey(actor=ways.securing(_key(request)))
    return JsonResponse({"key": key, "publicKey": asked})


@require_POST
def secure_passkey(request: HttpRequest) -> HttpResponse:
    key, given = _key(request), read(request, Answered)
    carried = ways.carried(key, "secure")
    actions.add_passkey(given.key, given.answer, actor=ways.securing(key), name=given.name)
    found = actions.secured(key, "passkey", **from_where(request))
    answer = entrance(JsonResponse({"to": aim_of(carried)}), found.key, stay=bool(carried.get("stay")))
    return _forgetting(answer)


@require_safe
def company_there(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Off to the provider. A link, not a form: forms of ours go nowhere else."""
    carried = {"aim": request.GET.get("next", ""), "stay": True}
    key, to = actions.begin_company(provider_id, carried=carried)
    answer = HttpResponse(status=302)
    answer["Location"] = to
    return _holding(answer, key)


@require_safe
def company_back(request: HttpRequest) -> HttpResponse:
    """Back from the provider: with a code, or with the reason why not."""
    given = request.GET
    if not given.get("code"):
        ways.carried(_key(request), "company")  # only who was sent there is told what came of it
        said = given.get("error_description") or given.get("error") or "–"
        raise Refused(_("Your company account did not let you in: %(why)s") % {"why": said[:200]})
    found, carried = actions.sign_in_with_company(
        _key(request),
        state=given.get("state", ""),
        code=given["code"],
        issuer=given.get("iss", ""),
        **from_where(request),
    )
    return _in(found.key, carried)


def read(request: HttpRequest, shape: type[Any]) -> Any:
    try:
        return msgspec.json.decode(request.body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(_("The request could not be read.")) from error


def _key(request: HttpRequest) -> str:
    return request.COOKIES.get(STEP, "")


def _in(key: str, carried: dict[str, Any]) -> HttpResponse:
    return _forgetting(entrance(redirect(aim_of(carried)), key, stay=bool(carried.get("stay"))))


def _holding(answer: HttpResponse, key: str) -> HttpResponse:
    answer.set_cookie(
        STEP, key, max_age=600, path="/sign-in", secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return answer


def _forgetting(answer: HttpResponse) -> HttpResponse:
    answer.delete_cookie(STEP, path="/sign-in")
    return answer
