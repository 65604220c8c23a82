"""The customer's own pages: in by a mailed link, their conversations, each with its thread and a box to go on in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careline.accounts import attempts
from careline.accounts import queries as accounts
from careline.channels import queries as channels
from careline.files import queries as files
from careline.kit import ids, signing
from careline.kit.refusals import NotVisible, Refused
from careline.service.knowledge import queries as knowledge
from careline.service.knowledge import shapes
from careline.service.portal import actions, queries
from careline.service.portal.queries import Signed
from careline.web import faces
from careline.web.chat import view
from careline.web.desk import drawn
from careline.web.help import frame
from careline.web.help.frame import COOKIE
from careline.web.viewer import Viewer

_PAGE = "portal.page"


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """One's conversations; for whoever is not in, the box that asks for a link."""
    _must_be_on()
    signed = _signed(request)
    with _spoken(request):
        if signed is not None:
            return _drawn(request, "own.html", {"signed": signed, "talks": queries.talks(signed)})
        if request.method != "POST":
            return _asking(request)
        address = request.POST.get("address", "")
        try:
            attempts.begin("portal", address.strip().casefold(), request.META.get("REMOTE_ADDR", ""))
            actions.ask(address, language=translation.get_language() or "en")
        except Refused as refusal:
            if refusal.status not in (422, 429):
                raise
            return _asking(request, address=address, error=str(refusal), status=refusal.status)
        return _asking(request, address=address, sent=True)


@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: HttpRequest, secret: str) -> HttpResponse:
    """Looking uses nothing up: programs open every link of a mail. Whoever means it presses the button."""
    _must_be_on()
    with _spoken(request):
        if request.method != "POST":
            is_open = queries.is_open(secret)
            return _drawn(request, "own_open.html", {"is_open": is_open}, status=200 if is_open else 404)
        try:
            key = actions.enter(secret)
        except actions.NotOpen:
            return _drawn(request, "own_open.html", {"is_open": False}, status=404)
    answer = frame.gone_to("/help/own")
    answer.set_cookie(
        COOKIE, key, max_age=int(actions.STAYS.total_seconds()), path="/help", httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


@require_http_methods(["POST"])
def left(request: HttpRequest) -> HttpResponse:
    actions.leave(request.COOKIES.get(COOKIE, ""))
    answer = frame.gone_to("/help/own")
    answer.delete_cookie(COOKIE, path="/help")
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, conversation_id: int) -> HttpResponse:
    _must_be_on()
    signed = _signed(request)
    if signed is None:
        return frame.gone_to("/help/own")
    with _spoken(request):
        error, body = "", request.POST.get("body", "")
        if request.method == "POST":
            try:
                once = f"portal:{signing.unsign(_PAGE, request.POST.get('page', ''))}"
                actions.write(conversation_id, body, by=signed, once=once)
                return frame.gone_to(f"/help/own/{conversation_id}#last")
            except Refused as refusal:
                if refusal.status == 404:
                    raise
                error = str(refusal)
        found, rows = queries.thread(signed, conversation_id)
        lines = [
            drawn.message_html(view.theirs(one), files_at=f"/help/own/{conversation_id}/files/{{}}".format)
            for one in reversed(rows)
            if one.kind != "system"
        ]
        context = {
            "signed": signed, "talk": found, "lines": lines, "error": error, "body": body if error else "",
            "page": signing.sign(_PAGE, str(ids.uuid7())),
        }  # fmt: skip
        return _drawn(request, "own_talk.html", context, status=422 if error else 200)


@require_safe
def file(request: HttpRequest, conversation_id: int, file_id: UUID) -> HttpResponse:
    signed = _signed(request)
    if signed is None:
        raise NotVisible(_("There is no such file."))
    found = files.by_id(queries.file(signed, conversation_id, file_id))
    return HttpResponse(files.read(found), headers=files.headers(found))


def _must_be_on() -> None:
    centre = knowledge.centre()
    if not (centre.is_on and centre.portal) or not queries.is_there():
        raise NotVisible(_("There are no pages for customers here."))


def _signed(request: HttpRequest) -> Signed | None:
    return queries.signed(request.COOKIES.get(COOKIE, ""))


def _spoken(request: HttpRequest) -> Any:
    """What their browser asks for, as far as the words around a conversation know it."""
    language = frame.ui(frame.chosen(request, [code for code, _name in settings.LANGUAGES]))
    request.viewer = Viewer(language=language)  # type: ignore[attr-defined]
    return translation.override(language)


def _asking(
    request: HttpRequest, *, address: str = "", error: str = "", sent: bool = False, status: int = 200
) -> HttpResponse:
    return _drawn(request, "own_ask.html", {"address": address, "error": error, "sent": sent}, status=status)


def _drawn(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    centre, house = knowledge.centre(), accounts.organization().name
    language = frame.chosen(request, shapes.languages())
    shared = {
        "front": centre, "centre": centre.title or _("%(house)s help") % {"house": house}, "house": house, "q": "",
        "home": f"/help/{language}", "indexed": False, "alternates": [], "signed": None, "structured": "", "path": "",
        "base": settings.CARELINE_BASE_URL, "direction": frame.direction(translation.get_language() or "en"),
        "language": translation.get_language(), "face_of": faces.initials, "can_write": bool(channels.form_key()),
    }  # fmt: skip
    answer = render(request, f"help/{template}", shared | context, status=status)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
