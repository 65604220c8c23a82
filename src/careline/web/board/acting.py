"""What a lead does from the board: give a conversation to somebody, whisper beside it, set a colleague's status."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from careline.accounts.actor import Actor
from careline.kit.refusals import NotVisible
from careline.service.conversations import actions as talks
from careline.service.routing import actions, queries
from careline.web.doors import AgentRequest, signed_in
from careline.web.sayings import status_words
from careline.web.settings.pages import number


def colleague(actor: Actor, agent_id: int | None) -> dict[str, Any]:
    """Whose work is looked at, with what may be changed of them; none for whoever does not manage queues."""
    if agent_id is None or not actor.may("queues.manage"):
        return {"colleague": None}
    try:
        held = queries.presence(actor, agent_id)
    except NotVisible:
        return {"colleague": None}
    return {
        "colleague": agent_id, "status": held.status, "statuses": list(status_words().items()),
        "skills": list(queries.skills(actor)), "levels": queries.levels(actor).get(agent_id, {}),
    }  # fmt: skip


@require_POST
@signed_in
def assignment(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """To a colleague, or to oneself: `agent` is a number or "me"."""
    to = request.POST.get("agent", "")
    agent = request.actor.agent_id if to == "me" else number(to)
    talks.assign(conversation_id, actor=request.actor, agent_id=agent)
    return redirect(f"/desk/{conversation_id}") if to == "me" else _back(request)


@require_POST
@signed_in
def note(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """Words for whoever has it; the customer never sees them."""
    talks.note(conversation_id, actor=request.actor, body=request.POST.get("body", ""))
    return _back(request)


@require_POST
@signed_in
def status(request: AgentRequest, agent_id: int) -> HttpResponse:
    actions.set_status(agent_id, request.POST.get("status", ""), actor=request.actor)
    return _back(request)


@require_POST
@signed_in
def skills(request: AgentRequest, agent_id: int) -> HttpResponse:
    levels = {
        number(name[6:]): number(request.POST[name])
        for name in request.POST
        if name.startswith("level.") and request.POST[name] not in ("", "0")
    }
    actions.keep_skills_of(agent_id, levels, actor=request.actor)
    return _back(request)


def _back(request: AgentRequest) -> HttpResponse:
    to = request.POST.get("back", "")
    known = to.startswith("/board") and url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return redirect(to if known else "/board")
