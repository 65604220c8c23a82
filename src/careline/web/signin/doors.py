"""Signing in and out, resets and invitations, each a page that works without scripts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careline.accounts import actions, passkeys, queries
from careline.accounts import ways as looks
from careline.kit.refusals import Refused
from careline.web import errors
from careline.web.doors import AgentRequest, signed_in
from careline.web.signin.entering import aim_of, entrance, from_where
from careline.web.signin.ways import onward

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@BOTH
def sign_in(request: HttpRequest) -> HttpResponse:
    if not queries.is_set_up():
        return redirect("/set-up")
    aim = aim_of({"aim": request.POST.get("next") or request.GET.get("next")})
    if getattr(request, "actor", None) is not None:
        return redirect(aim)
    context: dict[str, Any] = {
        "aim": aim, "organization": queries.organization().name, "email": "", "error": "",
        "companies": looks.doors(), "passkeys": passkeys.are_possible(),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "signin/sign_in.html", context)
    email, stay = request.POST.get("email", ""), bool(request.POST.get("stay"))
    try:
        entered = actions.sign_in(
            email, request.POST.get("password", ""), carried={"aim": aim, "stay": stay}, **from_where(request)
        )
    except Refused as refusal:
        context |= {"email": email, "error": str(refusal)}
        return errors.timed(render(request, "signin/sign_in.html", context, status=refusal.status), refusal)
    if isinstance(entered, actions.OnTheWay):
        return onward(entered)
    return entrance(redirect(aim), entered.key, stay=stay)


@require_POST
@signed_in
def sign_out(request: AgentRequest) -> HttpResponse:
    actions.sign_out(request.session_key, actor=request.actor)
    answer = redirect("/sign-in")
    answer.delete_cookie(settings.SESSION_COOKIE_NAME)
    return answer


@BOTH
def forgotten(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether or not somebody works here under the address."""
    context: dict[str, Any] = {"sent": False, "error": "", "email": request.POST.get("email", "")}
    if request.method == "POST":
        try:
            actions.request_reset(context["email"], address=request.META.get("REMOTE_ADDR", ""))
            context["sent"] = True
        except Refused as refusal:
            context["error"] = str(refusal)
            return errors.timed(render(request, "signin/forgotten.html", context, status=refusal.status), refusal)
    return render(request, "signin/forgotten.html", context)


@BOTH
def reset(request: HttpRequest, key: str) -> HttpResponse:
    agent = queries.agent_of_reset(key)
    context: dict[str, Any] = {"name": agent.name, "email": agent.email, "errors": {}}
    if request.method == "POST":
        try:
            actions.reset_password(key, password=request.POST.get("password", ""))
        except Refused as refusal:
            context["errors"] = {refusal.field or "password": str(refusal)}
            return render(request, "signin/reset.html", context, status=refusal.status)
        return redirect("/sign-in")
    return render(request, "signin/reset.html", context)


@BOTH
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    found = queries.invitation_of(key)
    context: dict[str, Any] = {
        "name": request.POST.get("name", found.name),
        "email": found.email,
        "role": found.role.name,
        "organization": queries.organization().name,
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "signin/invitation.html", context)
    try:
        if not request.POST.get("name", "").strip():
            raise Refused(_("Say what colleagues call you."), field="name")
        actions.accept_invitation(
            key,
            name=request.POST["name"],
            password=request.POST.get("password", ""),
            language=get_language() or "en",
            zone=queries.organization().zone,
        )
        entered = actions.sign_in(
            found.email, request.POST.get("password", ""), carried={"stay": True}, **from_where(request)
        )
    except Refused as refusal:
        context["errors"] = {refusal.field or "password": str(refusal)}
        return render(request, "signin/invitation.html", context, status=refusal.status)
    if isinstance(entered, actions.OnTheWay):
        return onward(entered)
    return entrance(redirect("/desk"), entered.key)
