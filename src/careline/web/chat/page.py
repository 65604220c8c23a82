"""The chat as a page of its own, and inside the widget's frame on other people's sites."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_response_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careline.channels import hot, outside
from careline.channels.endpoint import Endpoint
from careline.files import queries as files
from careline.kit import signing
from careline.kit.refusals import NotVisible, Refused
from careline.service.knowledge import hot as knowledge
from careline.web import assets
from careline.web.middleware import POLICY

HOUR = 3600


@require_safe
def chat(request: HttpRequest, key: str) -> HttpResponse:
    door = hot.door("webchat", key)
    if door is None:
        raise Http404
    inbox = door.endpoint()
    shown = inbox.settings
    answer = render(
        request,
        "chat/chat.html",
        {
            "key": key,
            "title": shown.get("title") or inbox.name,
            "greeting": shown.get("greeting", ""),
            "away": _away(inbox),
            "help": _help(),
        },
    )
    origins = " ".join(["'self'", *shown.get("origins", [])]) if shown.get("origins") else "*"
    answer["Content-Security-Policy"] = POLICY.format(frames=origins)
    # Opened from another site's page, which may look at nothing of ours.
    answer["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return answer


def _help() -> str:
    """Where articles are looked for; nothing while there are none in the visitor's language."""
    language = get_language() or "en"
    front = knowledge.FRONT.one(language=language, audiences=["public"])
    return f"/help/{language}" if front is not None and front.is_on and front.articles else ""


def _away(inbox: Endpoint) -> str:
    """What stands above the talk while the inbox is closed; nothing while it is open."""
    found = outside.closed(inbox.inbox_id)
    if found is None:
        return ""
    language = get_language() or inbox.language
    if own := str(inbox.settings.get("away", "")).strip():
        return found.said(own, language)
    opening = found.opening(language)
    if not opening:
        return _("We are closed now. Write to us; we answer when we are back.")
    return _("We are closed now and answer from %(opening)s.") % {"opening": opening}


@require_safe
def file(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """A file of the customer's own thread, by the address its message carried."""
    try:
        _person, _dot, file_id = signing.unsign("chat-file", token).partition(":")
        found = files.by_id(UUID(file_id))
    except (Refused, ValueError) as error:
        raise NotVisible(_("There is no such file.")) from error
    return HttpResponse(files.read(found), headers=files.headers(found))


@require_safe
def widget(request: HttpRequest) -> HttpResponse:
    """The script other sites embed: one address for ever, so it is kept for an hour only."""
    script = Path(assets.FOLDER / "js" / "widget.js").read_bytes()
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_response_headers(answer, HOUR)
    answer["Cache-Control"] = f"public, max-age={HOUR}"
    return answer
