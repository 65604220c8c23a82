"""What every way in ends with: the session's cookie, and where one was going."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

Answer = TypeVar("Answer", bound=HttpResponse)
LONGEST = 366 * 86400


def aim_of(given: Mapping[str, Any]) -> str:
    """A page of ours, or the desk."""
    aim = str(given.get("aim") or given.get("next") or "")
    return aim if url_has_allowed_host_and_scheme(aim, allowed_hosts=None) else "/desk"


def from_where(request: HttpRequest) -> dict[str, str]:
    return {"address": request.META.get("REMOTE_ADDR", ""), "user_agent": request.headers.get("User-Agent", "")}


def entrance(answer: Answer, key: str, *, stay: bool = True) -> Answer:
    """The answer with the session's cookie; without `stay` it goes with the browser's window."""
    answer.set_cookie(
        settings.SESSION_COOKIE_NAME,
        key,
        # As long as any house may let a session last; its row says when it ends.
        max_age=LONGEST if stay else None,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer
