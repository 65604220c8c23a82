"""The state of a conversation as resources: closure, snooze, place, assignment, priority, tags, and what was seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.kit import clock
from careline.kit.refusals import Refused
from careline.service.conversations import actions, endings, queries
from careline.web.desk import describing, screen
from careline.web.doors import AgentRequest, signed_in

METHODS = require_http_methods(["PUT", "DELETE", "POST"])


def _form(request: AgentRequest) -> QueryDict:
    """Django reads forms of a POST only."""
    return request.POST if request.method == "POST" else QueryDict(request.body, encoding="utf-8")


def _head(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """The head of the thread as it stands now; list and lines are told by the socket."""
    if not request.headers.get("HX-Request"):
        return redirect(f"/desk/{conversation_id}")
    found = queries.one(request.actor, conversation_id)
    return render(request, "desk/_head.html", screen.head(request.actor, found))


def _number(value: str | None) -> int | None:
    if not value:
        return None
    if not value.isdecimal() or len(value) > 18:
        raise Refused(_("Choose one from the list."))
    return int(value)


@METHODS
@signed_in
def closure(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """PUT resolves, DELETE opens again; a POST without scripts resolves."""
    verb = actions.reopen if request.method == "DELETE" or request.POST.get("undo") else actions.resolve
    try:
        verb(conversation_id, actor=request.actor)
    except Refused as refusal:
        if refusal.field != endings.FIELD or not request.actor.may("conversations.reply"):
            raise
        return describing.asked(request, conversation_id)
    return _head(request, conversation_id)


@METHODS
@signed_in
def turn(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """Whose turn it is: ours, the customer's, or somebody else's."""
    actions.wait_on(conversation_id, actor=request.actor, on=_form(request).get("on", ""))
    return _head(request, conversation_id)


@METHODS
@signed_in
def snooze(request: AgentRequest, conversation_id: int) -> HttpResponse:
    if request.method == "DELETE":
        actions.reopen(conversation_id, actor=request.actor)
    else:
        wanted = _form(request)
        until = _until(wanted.get("for", ""), wanted.get("until", ""), request.actor.zone)
        actions.snooze(conversation_id, actor=request.actor, until=until)
    return _head(request, conversation_id)


def _until(span: str, written: str, zone: str) -> datetime:
    """ "hour", "tomorrow", "week" or a written time, in the agent's zone."""
    here = clock.now().astimezone(ZoneInfo(zone or "UTC"))
    morning = here.replace(hour=9, minute=0, second=0, microsecond=0)
    if span == "hour":
        return here + timedelta(hours=1)
    if span == "tomorrow":
        return morning + timedelta(days=1)
    if span == "week":
        return morning + timedelta(days=7 - here.weekday())
    try:
        return datetime.fromisoformat(written).replace(tzinfo=here.tzinfo)
    except ValueError as error:
        raise Refused(_("Choose until when.")) from error


@METHODS
@signed_in
def place(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """Into spam or trash, or (DELETE) out of it."""
    if request.method == "DELETE":
        actions.restore(conversation_id, actor=request.actor)
    else:
        verbs = {"spam": actions.spam, "trash": actions.trash, "open": actions.restore}
        verb = verbs.get(_form(request).get("place", ""))
        if verb is None:
            raise Refused(_("A conversation can be put into spam or trash."))
        verb(conversation_id, actor=request.actor)
    return _head(request, conversation_id)


@METHODS
@signed_in
def assignment(request: AgentRequest, conversation_id: int) -> HttpResponse:
    wanted = _form(request)
    agent = request.actor.agent_id if wanted.get("agent") == "me" else _number(wanted.get("agent"))
    actions.assign(conversation_id, actor=request.actor, agent_id=agent, team_id=_number(wanted.get("team")))
    return _head(request, conversation_id)


@METHODS
@signed_in
def priority(request: AgentRequest, conversation_id: int) -> HttpResponse:
    actions.prioritize(conversation_id, actor=request.actor, priority=_number(_form(request).get("priority")) or 0)
    return _head(request, conversation_id)


@METHODS
@signed_in
def tags(request: AgentRequest, conversation_id: int) -> HttpResponse:
    written = _form(request).get("tags", "")
    actions.tag(conversation_id, actor=request.actor, tags=[tag.strip() for tag in written.split(",") if tag.strip()])
    return _head(request, conversation_id)


@METHODS
@signed_in
def seen(request: AgentRequest, conversation_id: int) -> HttpResponse:
    actions.mark_seen(conversation_id, actor=request.actor, seq=_number(_form(request).get("seq")) or 0)
    return HttpResponse(status=204)
