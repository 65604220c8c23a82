"""The desk itself: the whole page, or the part of it a script asks for."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from careline.web.desk import at_work, screen
from careline.web.doors import AgentRequest, signed_in


@require_safe
@signed_in
def home(request: AgentRequest) -> HttpResponse:
    return redirect("/desk")


@require_safe
@signed_in
def desk(request: AgentRequest, conversation_id: int | None = None) -> HttpResponse:
    """List and thread; with `HX-Request` only the thread and its pane."""
    if conversation_id is not None and request.headers.get("HX-Request"):
        shown = screen.opened(request.actor, conversation_id)
        return render(request, "desk/_open.html", shown)
    view = screen.view_of(request.GET.get("view") or _usual_view(request))
    context: dict[str, Any] = {
        **screen.beginning(request.actor, view),
        **screen.listing(request.actor, view, chosen=conversation_id),
        **at_work.shown(request.actor),
    }
    if conversation_id is not None:
        context |= screen.opened(request.actor, conversation_id)
    return render(request, "desk/desk.html", context)


def _usual_view(request: AgentRequest) -> str:
    return request.COOKIES.get("careline_view", "all")


@require_safe
@signed_in
def rows(request: AgentRequest) -> HttpResponse:
    """A page of the list; `limit` rows when a window that slept draws its list again."""
    view = screen.view_of(request.GET.get("view"))
    limit = request.GET.get("limit", "")
    count = min(max(int(limit), 1), 200) if limit.isdecimal() and len(limit) < 5 else screen.PAGE
    shown = screen.listing(request.actor, view, before=request.GET.get("before", ""), limit=count)
    return render(request, "desk/_rows.html", shown)


@require_safe
@signed_in
def tabs(request: AgentRequest) -> HttpResponse:
    view = screen.view_of(request.GET.get("view"))
    return render(request, "desk/_tabs.html", {"tabs": screen.tabs(request.actor, view), "view": view})
