"""What every door for agents begins with: somebody signed in, and forms read in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.web import errors

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


class AgentRequest(HttpRequest):
    """A request of somebody who is signed in."""

    actor: Actor
    session_key: str
    address: str


def signed_in(
    door: Callable[Concatenate[AgentRequest, P], R],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Strangers see the sign-in page, or the first-run page while there is nobody who could sign in."""

    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if getattr(request, "actor", None) is not None:
            return door(cast(AgentRequest, request), *args, **kwargs)
        if errors.fragment(request) or request.method not in ("GET", "HEAD"):
            answer = HttpResponse(_("Sign in first."), status=401, content_type="text/plain; charset=utf-8")
            answer["HX-Redirect"] = "/sign-in"
            return answer
        if not accounts.is_set_up():
            return redirect("/set-up")
        return redirect(f"/sign-in?next={quote(request.get_full_path())}")

    guarded.for_agents = True  # type: ignore[attr-defined]
    update_wrapper(guarded, door)
    return guarded


def given(request: HttpRequest) -> defaultdict[str, str]:
    """What a form brought, to be shown again; empty words for what it did not."""
    return defaultdict(str, {name: str(value) for name, value in request.POST.items()})
