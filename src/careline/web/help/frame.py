"""What every page of the help center begins with: who reads, in which language, and how long the answer may be kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from careline.accounts.actor import Actor
from careline.kit.refusals import NotVisible
from careline.service.knowledge import hot
from careline.service.knowledge.readers import STRANGER, audiences
from careline.service.portal import queries as portal
from careline.service.portal.queries import Signed
from careline.web.viewer import Viewer, named

COOKIE = "careline_portal"
# Whoever keeps a page asks again after a minute, and shows the old one while they ask.
KEPT = "public, max-age=60, stale-while-revalidate=600"
P = ParamSpec("P")


class Reader(msgspec.Struct, frozen=True):
    """Whoever looks at a page of the help center."""

    actor: Actor
    language: str
    front: hot.Front
    signed: Signed | None = None

    @property
    def audiences(self) -> list[str]:
        return audiences(self.actor)

    @property
    def is_stranger(self) -> bool:
        return self.actor.kind == "customer" and self.signed is None

    @property
    def languages(self) -> list[str]:
        return self.front.languages or ["en"]


class HelpRequest(HttpRequest):
    reader: Reader


def reading(
    door: Callable[Concatenate[HelpRequest, str, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """A door of a language; one the house does not speak leads to the one it speaks best."""

    def opened(request: HttpRequest, language: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = reader(request, language)
        if language not in found.languages:
            return HttpResponseRedirect(f"/help/{chosen(request, found.languages)}")
        request.reader = found  # type: ignore[attr-defined]
        shown = ui(language)
        request.viewer = Viewer(language=shown)  # type: ignore[attr-defined]
        with translation.override(shown):
            try:
                return door(request, language, *args, **kwargs)  # type: ignore[arg-type]
            except NotVisible as refusal:
                # Whoever reads has no desk to go back to.
                return page(request, "gone.html", {"sentence": str(refusal)}, status=404)  # type: ignore[arg-type]

    update_wrapper(opened, door)
    return opened  # type: ignore[return-value]  # urls name the language


def reader(request: HttpRequest, language: str) -> Reader:
    """Somebody of the house, a customer who is in, or a stranger; Refused while the help center is shut."""
    agent: Actor | None = getattr(request, "actor", None)
    signed = None if agent else portal.signed(request.COOKIES.get(COOKIE, ""))
    actor = agent or (Actor.customer(signed.person_id, 0, name=signed.name) if signed else STRANGER)
    front = hot.FRONT.one(language=language, audiences=audiences(actor))
    if front is None or not (front.is_on or agent):
        raise NotVisible(_("There is no help center here."))
    return Reader(actor, language, front, signed)


def chosen(request: HttpRequest, languages: list[str]) -> str:
    """Of those the house speaks the one a browser wants most."""
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        for one in (wanted, wanted.partition("-")[0]):
            if one in languages:
                return one
    return languages[0]


def ui(language: str) -> str:
    """The language of the words around an article: its own, where we have it."""
    known = dict(settings.LANGUAGES)
    return next((one for one in (language, language.partition("-")[0]) if one in known), "en")


def direction(language: str) -> str:
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "auto"


def page(
    request: HelpRequest, template: str, context: dict[str, Any], *, kept: bool = False, status: int = 200
) -> HttpResponse:
    """A page; one of a stranger may be `kept` by whoever stands between, until it changes."""
    found = request.reader
    title = found.front.title or _("%(house)s help") % {"house": found.front.house}
    shared = {
        "reader": found, "front": found.front, "centre": title, "language": found.language, "named": named,
        "home": f"/help/{found.language}", "direction": direction(found.language), "q": "", "indexed": kept,
        "base": settings.CARELINE_BASE_URL, "alternates": [],
    }  # fmt: skip
    answer = render(request, f"help/{template}", shared | context, status=status)
    answer["Vary"] = "Cookie"
    if not kept or not found.is_stranger or status != 200:
        answer["Cache-Control"] = "private, no-store"
        answer["X-Robots-Tag"] = "noindex"
        return answer
    answer["Cache-Control"] = KEPT
    answer["ETag"] = f'"{hashlib.blake2b(answer.content, digest_size=12).hexdigest()}"'
    if answer["ETag"] in request.headers.get("If-None-Match", ""):
        same = HttpResponseNotModified()
        for name in ("ETag", "Cache-Control", "Vary"):
            same[name] = answer[name]
        return same
    return answer


def gone_to(address: str, *, status: int = 302) -> HttpResponse:
    answer = HttpResponseRedirect(address)
    answer.status_code = status
    return answer
