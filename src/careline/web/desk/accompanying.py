"""Who else is there: people in copy of a mail until they are taken out, and colleagues who follow unseen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.accounts.actor import Actor
from careline.channels.letters import Party
from careline.kit.refusals import Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.hot.shapes import Hand, ListRow
from careline.service.conversations.letters import addressed
from careline.service.conversations.letters.following import Envelope
from careline.web.doors import AgentRequest, signed_in


class Told(msgspec.Struct, frozen=True):
    """`to` and `copies` are nothing where messages have no envelope."""

    url: str
    follow_url: str
    to: tuple[Party, ...] | None
    copies: tuple[Party, ...] | None
    followers: list[str]
    follows: bool
    may: bool


def told(actor: Actor, found: ListRow, hands: Sequence[Hand], envelope: Envelope | None) -> Told:
    following = [one for one in hands if one.is_agent and one.follows]
    return Told(
        url=f"/desk/{found.id}/people",
        follow_url=f"/desk/{found.id}/follow",
        to=None if envelope is None else envelope.to,
        copies=None if envelope is None else envelope.copies,
        followers=[one.name for one in following if one.id != actor.agent_id],
        follows=any(one.id == actor.agent_id for one in following),
        may=actor.may("conversations.reply"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def people(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """Who is there; posted, `add` and `remove` change who is in copy. A script asks for the part, a browser a page."""
    found = queries.one(request.actor, conversation_id)
    if request.method != "POST":
        return _shown(request, found)
    given = request.POST
    try:
        actions.copy(
            conversation_id,
            actor=request.actor,
            add=addressed.typed(given.get("add", ""), "add"),
            remove=given.getlist("remove"),
        )
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return _shown(request, found, error=str(refusal), written=given.get("add", ""))
    if not request.headers.get("HX-Request"):
        return redirect(f"/desk/{conversation_id}/people")
    return _shown(request, found)


@require_http_methods(["PUT", "DELETE", "POST"])
@signed_in
def follow(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """PUT follows, DELETE no longer; a POST does either, with `undo` the latter."""
    away = request.method == "DELETE" or "undo" in request.POST or "undo" in request.GET
    (actions.unfollow if away else actions.follow)(conversation_id, actor=request.actor)
    if not request.headers.get("HX-Request"):
        return redirect(f"/desk/{conversation_id}/people")
    if request.method == "POST":
        return HttpResponse(status=204)
    answer = _shown(request, queries.one(request.actor, conversation_id))
    words = _("You follow this no longer.") if away else _("You follow this now: what others do here is mailed to you.")
    back = f"/desk/{conversation_id}/follow{'' if away else '?undo=1'}"
    answer["HX-Trigger"] = json.dumps({"careline:toast": {"words": words, "act": _("Undo"), "undo": back}})
    return answer


def _shown(request: AgentRequest, found: ListRow, **more: Any) -> HttpResponse:
    hands = queries.hands(request.actor, found.id)
    people = told(request.actor, found, hands, queries.envelope(request.actor, found.id))
    whole = not request.headers.get("HX-Request")
    context = {"people": people, "conversation": found, "whole": whole, **more}
    return render(request, "desk/people.html" if whole else "desk/_people.html", context, status=422 if more else 200)
