"""One trouble many write about: found beside a conversation, linked, answered at once, closed together."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline.kit.refusals import Refused
from careline.service.assist.alike import actions, queries
from careline.service.conversations import queries as talks
from careline.web.doors import AgentRequest, signed_in
from careline.web.people.drawn import number

LIST = 50


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def alike(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """Open conversations about the same; posted, the chosen ones are linked with it."""
    if request.method == "POST":
        into = request.POST.get("incident", "")
        try:
            chosen = [conversation_id, *(number(one) for one in request.POST.getlist("conversations"))]
            found = actions.link(
                chosen, actor=request.actor, name=request.POST.get("name", ""),
                incident_id=number(into) if into else None,
            )  # fmt: skip
        except Refused as refusal:
            if refusal.status != 422:
                raise
            return _beside(request, conversation_id, error=str(refusal))
        return redirect(f"/incidents/{found.pk}")
    return _beside(request, conversation_id)


def _beside(request: AgentRequest, conversation_id: int, **more: Any) -> HttpResponse:
    found = queries.alike(request.actor, conversation_id)
    known = {one.pk: one for one in queries.incidents(request.actor)[:LIST]}
    context = {
        "own": talks.one(request.actor, conversation_id), "found": found, "incidents": list(known.values()),
        "known": known, "may": request.actor.may("conversations.reply"), "incident": known.get(found.incident or 0),
        **more,
    }  # fmt: skip
    return render(request, "desk/alike.html", context, status=422 if more else 200)


@require_safe
@signed_in
def incidents(request: AgentRequest) -> HttpResponse:
    return render(request, "incidents.html", {"rows": queries.incidents(request.actor)[:LIST]})


@require_safe
@signed_in
def incident(request: AgentRequest, incident_id: int) -> HttpResponse:
    return _shown(request, incident_id)


def _shown(request: HttpRequest, incident_id: int, **more: Any) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]  # signed in
    rows = queries.linked(actor, incident_id)
    open_ones = [one for one in rows if one.state in ("open", "snoozed")]
    context = {
        "one": queries.incident(actor, incident_id), "rows": rows, "open_ones": open_ones,
        "sent": queries.broadcasts(actor, incident_id), "once": secrets.token_urlsafe(12), "body": "",
        "may_reply": actor.may("conversations.reply"), "may_close": actor.may("conversations.close"), "preview": [],
        **more,
    }  # fmt: skip
    return render(request, "incident.html", context, status=422 if more.get("error") else 200)


@require_POST
@signed_in
def answer(request: AgentRequest, incident_id: int) -> HttpResponse:
    """First it is shown as each will get it; sent when that has been seen (`sure`)."""
    body, once = request.POST.get("body", "").replace("\r\n", "\n"), request.POST.get("once", "")
    request.actor.must("conversations.reply")
    whom = actions.to_answer(request.actor, incident_id)
    try:
        if not body.strip():
            raise Refused(_("Write what they are to be told."), field="body")
        if request.POST.get("sure"):
            actions.broadcast(incident_id, body, actor=request.actor, once=once)
            return redirect(f"/incidents/{incident_id}")
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return _shown(request, incident_id, error=str(refusal), body=body)
    preview = [(one, actions.worded(body, one.person_name)) for one in whom]
    return _shown(request, incident_id, preview=preview, body=body, once=once or secrets.token_urlsafe(12))


@require_POST
@signed_in
def closure(request: AgentRequest, incident_id: int) -> HttpResponse:
    """Resolves all that is open; what asks for something first stays open and is said."""
    queries.incident(request.actor, incident_id)
    _done, left = actions.close(incident_id, actor=request.actor)
    if left:
        told = _("%(count)s could not be resolved: something is asked there first.") % {"count": left}
        return _shown(request, incident_id, error=told)
    return redirect(f"/incidents/{incident_id}")


@require_POST
@signed_in
def removal(request: AgentRequest, incident_id: int, conversation_id: int) -> HttpResponse:
    """It is about something else after all."""
    actions.unlink(conversation_id, actor=request.actor)
    rest = queries.incidents(request.actor).filter(pk=incident_id).exists()
    return redirect(f"/incidents/{incident_id}" if rest else "/incidents")
