"""Split a conversation, or move messages to another one: a dialog of the desk, and a page without scripts."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from careline.kit import text
from careline.kit.refusals import Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.actions.moving import ForSomebodyElse, Moved
from careline.service.conversations.hot import refused
from careline.service.conversations.hot.shapes import ListRow
from careline.web.desk import drawn
from careline.web.doors import AgentRequest, signed_in

# So many of the newest messages are offered to begin from.
OFFERED = 100
OTHERS = 20


class Choice(msgspec.Struct, frozen=True):
    """What the form says so far."""

    message: UUID
    alone: bool = False
    other: bool = False
    number: str = ""
    confirmed: bool = False

    @property
    def target(self) -> int:
        written = self.number.strip().lstrip("#")
        if not (written.isascii() and written.isdecimal() and len(written) < 19):
            raise Refused(_("Write the number of the conversation, such as 1042."), field="number")
        return int(written)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def arranging(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """The form; with `what`, only the sentence that names what will happen; posted, it happens."""
    found = queries.one(request.actor, conversation_id)
    request.actor.must("conversations.assign")
    if request.method != "POST":
        choice = _chosen(request, found, request.GET)
        if "what" in request.GET:
            return render(request, "desk/_arranging_what.html", _what(request, found, choice))
        return _form(request, found, choice)
    choice = _chosen(request, found, request.POST)
    try:
        moved = _done(request, found, choice)
    except Refused as refusal:
        if refusal.status not in (404, 409, 422):
            raise
        return _form(request, found, choice, refusal)
    return _answer(request, moved)


@require_POST
@signed_in
def taken_back(request: AgentRequest, conversation_id: int, seq: int) -> HttpResponse:
    """What came by the line of this number goes back."""
    moved = actions.take_back(conversation_id, seq, actor=request.actor)
    return HttpResponse(status=204) if request.headers.get("HX-Request") else redirect(f"/desk/{moved.conversation}")


def _done(request: AgentRequest, found: ListRow, choice: Choice) -> Moved:
    if not choice.other:
        return actions.split(found.id, choice.message, actor=request.actor, alone=choice.alone)
    chosen = queries.said_from(request.actor, found.id, choice.message, alone=choice.alone)
    return actions.rethread(chosen, choice.target, actor=request.actor, confirmed=choice.confirmed)


def _answer(request: AgentRequest, moved: Moved) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect(f"/desk/{moved.conversation}")
    count = len(moved.messages)
    words = ngettext(
        "A message stands in #%(number)s now.", "%(count)s messages stand in #%(number)s now.", count
    ) % {"count": count, "number": moved.conversation}  # fmt: skip
    toast = {"words": words, "act": _("Undo"), "undo": f"/desk/{moved.conversation}/arranging/{moved.seq}"}
    answer = HttpResponse(status=204)
    answer["HX-Trigger"] = json.dumps({"careline:arranged": {}, "careline:toast": toast})
    return answer


def _chosen(request: AgentRequest, found: ListRow, given: QueryDict) -> Choice:
    written = given.get("message", "")
    try:
        message = UUID(written) if written else _newest(request, found)
    except ValueError:
        raise refused.no_message() from None
    return Choice(
        message=message,
        alone=given.get("alone") == "on",
        other=given.get("to") == "other",
        number=given.get("number", "")[:40],
        confirmed=given.get("confirmed") == "on",
    )


def _newest(request: AgentRequest, found: ListRow) -> UUID:
    said = [one for one in queries.thread(request.actor, found.id, limit=OFFERED) if one.kind != "system"]
    if not said:
        raise refused.no_message()
    return said[0].id


def _what(request: AgentRequest, found: ListRow, choice: Choice) -> dict[str, Any]:
    count = len(queries.said_from(request.actor, found.id, choice.message, alone=choice.alone))
    target = None
    if choice.other:
        try:
            target = queries.one(request.actor, choice.target)
        except Refused:
            target = None
    return {"count": count, "choice": choice, "conversation": found, "target": target}


def _form(request: AgentRequest, found: ListRow, choice: Choice, refusal: Refused | None = None) -> HttpResponse:
    lines = queries.thread(request.actor, found.id, limit=OFFERED)
    offered = [
        (str(one.id), f"{one.occurred_at:%Y-%m-%d %H:%M} · {drawn.message(one).author_name}: {_words(one.body)}")
        for one in lines
        if one.kind != "system"
    ]
    if str(choice.message) not in dict(offered):
        offered.append((str(choice.message), _("An earlier message")))
    others = [one for one in queries.of_person(request.actor, found.person_id, limit=OTHERS) if one.id != found.id]
    whole = not request.headers.get("HX-Request")
    context = {
        **_what(request, found, choice),
        "url": f"/desk/{found.id}/arranging",
        "offered": offered,
        "others": [one for one in others if one.inbox_id == found.inbox_id],
        "error": str(refusal) if refusal else "",
        "of_another": isinstance(refusal, ForSomebodyElse),
        "whole": whole,
    }
    status = 200 if refusal is None else 422 if refusal.status == 404 else refusal.status
    return render(request, "desk/arranging.html" if whole else "desk/_arranging.html", context, status=status)


def _words(body: str) -> str:
    return text.excerpt(body, 60) or _("a file")
