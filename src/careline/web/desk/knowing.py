"""What we know above the reply box: what the customer has told us already, and whether a draft asks for it again."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline.accounts.actor import Actor
from careline.service.assist.alike import queries as likeness
from careline.service.assist.given import actions, queries
from careline.service.assist.given.known import Known
from careline.service.assist.moods import actions as moods
from careline.service.conversations import queries as talks
from careline.web.desk import feeling
from careline.web.desk.drawn import written
from careline.web.doors import AgentRequest, signed_in

# More are a press away.
SHOWN = 4
# What is needed most stands first.
ORDER = ("order", "date", "size", "address", "phone", "email", "name")


class Told(msgspec.Struct, frozen=True):
    """One thing that was given; `url` leads to the words, `away_url` says that it is none."""

    kind: str
    word: str
    value: str
    at: str
    url: str
    away_url: str


def kind_words() -> dict[str, str]:
    return {
        "order": _("Order"), "email": _("Email"), "phone": _("Phone"), "date": _("Date"), "address": _("Address"),
        "size": _("Size"), "name": _("Name"),
    }  # fmt: skip


def told(known: Known, conversation_id: int) -> Told:
    here = f"/desk/{conversation_id}"
    at = "" if known.conversation_id == conversation_id else f"/desk/{known.conversation_id}"
    return Told(
        known.kind, kind_words()[known.kind], known.value, written(known.at) if known.at else "",
        f"{at}#message-{known.message_id}" if known.message_id else "",
        f"{here}/known/{known.id}" if known.id else "",
    )  # fmt: skip


def strip(actor: Actor, conversation_id: int) -> dict[str, Any]:
    """What the profile says stands in the pane; here only what they said themselves."""
    found = talks.one(actor, conversation_id)
    said = [one for one in queries.given(actor, conversation_id) if one.source == "message"]
    said.sort(key=lambda one: ORDER.index(one.kind))
    drawn = [told(one, conversation_id) for one in said]
    return {
        "url": f"/desk/{conversation_id}/known", "given": drawn[:SHOWN], "more": drawn[SHOWN:],
        "may": actor.may("conversations.reply"), "alike": _alike(actor, conversation_id),
        **feeling.drawn(actor, found),
    }  # fmt: skip


def _alike(actor: Actor, conversation_id: int) -> dict[str, Any]:
    """How many are about the same; when that is many, it may be a trouble of ours."""
    found = likeness.alike(actor, conversation_id)
    return {
        "count": len(found.found), "since": found.since, "many": len(found.found) >= likeness.INCIDENT,
        "incident": found.incident, "url": f"/desk/{conversation_id}/alike",
    }  # fmt: skip


@require_safe
@signed_in
def known(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """The strip; drawn after the thread, which never waits for it."""
    talks.one(request.actor, conversation_id)
    if not request.headers.get("HX-Request"):
        return redirect(f"/desk/{conversation_id}")
    return _shown(request, conversation_id)


@require_http_methods(["PUT", "DELETE", "POST"])
@signed_in
def given(request: AgentRequest, conversation_id: int, given_id: int) -> HttpResponse:
    """DELETE puts away what was taken for something else, PUT takes it back; a POST takes back with `undo`."""
    back = request.method == "PUT" or "undo" in request.GET or "undo" in request.POST
    (actions.take_back if back else actions.put_away)(conversation_id, given_id, actor=request.actor)
    if request.method == "POST" and request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"careline:known": {}})})
    if not request.headers.get("HX-Request"):
        return redirect(f"/desk/{conversation_id}")
    answer = _shown(request, conversation_id)
    if not back:
        undo = f"/desk/{conversation_id}/known/{given_id}?undo=1"
        toast = {"words": _("Put away: it counts as not given."), "act": _("Undo"), "undo": undo}
        answer["HX-Trigger"] = json.dumps({"careline:toast": toast})
    return answer


@require_POST
@signed_in
def asked_again(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """What the draft asks for though it was given; nothing of it is kept."""
    body = request.POST.get("body", "")
    found = queries.again(request.actor, conversation_id, body) if request.POST.get("kind", "reply") == "reply" else []
    return render(request, "desk/_asked_again.html", {"again": [told(one, conversation_id) for one in found]})


@require_http_methods(["PUT", "POST"])
@signed_in
def mood(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """How the agent reads the customer's last words: `label` positive, neutral or negative."""
    form = request.POST if request.method == "POST" else QueryDict(request.body, encoding="utf-8")
    moods.thumb(conversation_id, form.get("label", ""), actor=request.actor)
    if not request.headers.get("HX-Request"):
        return redirect(f"/desk/{conversation_id}")
    return _shown(request, conversation_id)


def _shown(request: AgentRequest, conversation_id: int) -> HttpResponse:
    return render(request, "desk/_known.html", {"known": strip(request.actor, conversation_id)})
