"""The guard at every HTML door: who is acting, in which language, and what a browser may do with the answer."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from careline.accounts import queries as accounts
from careline.accounts import sessions
from careline.accounts.actor import Actor
from careline.channels import access
from careline.kit import outages
from careline.kit.refusals import Refused
from careline.kit.threads import REFUSED
from careline.web import errors
from careline.web.viewer import Viewer

# Its doors say everything in their own form, refusals too.
API = "/api/"
_log = logging.getLogger(__name__)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors {frames}"
)
HEADERS = {
    "Content-Security-Policy": POLICY.format(frames="'none'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Cache-Control": "no-store",
}


class Guard:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = request.META.get("REMOTE_ADDR", "")
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        try:
            actor = outages.once_more(lambda: access.actor_of_session(key, address)) if key else None
        except outages.LOST as error:
            with translation.override(translation.get_language_from_request(request)):
                return clothed(told(request, error))
        request.actor = actor  # type: ignore[attr-defined]
        request.session_key = key if actor else ""  # type: ignore[attr-defined]
        request.address = address  # type: ignore[attr-defined]
        language = actor.language if actor else translation.get_language_from_request(request)
        request.viewer = SimpleLazyObject(lambda: viewer(actor, language))  # type: ignore[attr-defined]
        refusal = request.META.get(REFUSED)
        with translation.override(language):
            if refusal is not None and not request.path.startswith(API):
                return clothed(errors.refused(request, refusal))
            if actor:
                mark_seen(key)
            response = self.get_response(request)
        if request.method == "HEAD" and isinstance(response, StreamingHttpResponse):
            response.streaming_content = ()  # a long file is not written for nobody
        return clothed(response)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """A refusal of a room is an answer in words, not a fault."""
        if isinstance(exception, Refused):
            return errors.refused(request, exception)
        if isinstance(exception, outages.LOST):
            return told(request, exception)
        return None


def told(request: HttpRequest, error: Exception) -> HttpResponseBase:
    refusal = outages.refusal(error)
    assert refusal is not None
    _log.warning("The database could not do it: %s", type(error.__cause__ or error).__name__)
    return errors.outage(request, refusal)


def clothed(response: HttpResponseBase) -> HttpResponseBase:
    for name, value in HEADERS.items():
        response.setdefault(name, value)
    return response


_marked: dict[str, float] = {}


def mark_seen(key: str) -> None:
    """Once a minute: a page is not worth a write."""
    now = time.monotonic()
    if now - _marked.get(key, -60.0) < 60.0:
        return
    if len(_marked) > 10_000:
        _marked.clear()
    _marked[key] = now
    # Nor is it worth refusing the page.
    with contextlib.suppress(*outages.LOST):
        sessions.mark_seen(key)


def viewer(actor: Actor | None, language: str) -> Viewer:
    """What a whole page knows of its viewer; a fragment never asks."""
    if actor is None:
        return Viewer(language=language)
    agent = accounts.look(actor.agent_id or 0)
    return Viewer(
        language=language,
        zone=actor.zone,
        theme=agent.theme,
        density=agent.density,
        name=agent.name,
        email=agent.email,
        role=agent.role,
        permissions=actor.permissions,
    )
