"""What might be answered, above the reply: drawn after the thread, never before it."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from careline.service.assist.suggesting import Suggestion, saved, suggest, using
from careline.web.desk import drawn
from careline.web.doors import AgentRequest, signed_in

# By which key each is taken from within the reply; outside of it by its number.
KEYS = ("Tab", "Alt+2", "Alt+3")
_SENTENCE = re.compile(r"(.{0,140}?(?:[.!?؟](?=\s)|\Z)|.{0,140}(?!\S)|.{140})\s*(.*)", re.DOTALL)


class Shown(msgspec.Struct, frozen=True):
    """A suggestion with its claim, where it comes from in words, and its key."""

    mark: str
    claim: str
    # What goes into the reply, and what of it is shown after the claim.
    words: str
    rest: str
    origin: str
    at: str
    url: str
    key: str
    dismissal_url: str
    # It would have gone by itself, and was held so that somebody looks.
    held: bool


@require_safe
@signed_in
def suggestions(request: AgentRequest, conversation_id: int) -> HttpResponse:
    return _shown(request, conversation_id)


@require_POST
@signed_in
def dismissal(request: AgentRequest, conversation_id: int, source: str, item: int) -> HttpResponse:
    """It is not shown here again; the answer is what remains."""
    using.dismiss(conversation_id, source, item, actor=request.actor, on_top="top" in request.GET)
    return _shown(request, conversation_id)


@require_safe
@signed_in
def replies(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """Those that are saved, to be looked through and put in; drawn once the list is opened."""
    return render(request, "desk/_replies.html", {"items": saved(request.actor, conversation_id)})


def put(given: QueryDict) -> list[tuple[str, str]]:
    """What was put into a reply: marks of suggestions, each with the words that were."""
    return list(zip(given.getlist("put"), given.getlist("put_words"), strict=False))


def _shown(request: AgentRequest, conversation_id: int) -> HttpResponse:
    found = suggest(request.actor, conversation_id)
    keys = iter(KEYS)
    items = [
        _drawn(one, conversation_id, next(keys) if one.words else "", is_first=not number)
        for number, one in enumerate(found.items)
    ]
    said = ""
    if items:
        said = ngettext("%(n)s suggested reply", "%(n)s suggested replies", len(items)) % {"n": len(items)}
    context = {"conversation_id": conversation_id, "items": items, "said": said, "understood": found.understood}
    return render(request, "desk/_suggestions.html", context)


def _drawn(one: Suggestion, conversation_id: int, key: str, *, is_first: bool) -> Shown:
    claim, rest = one.claim, one.words
    if one.source == "answer":
        # Its first sentence is what it says; the rest goes on from there.
        claim, rest = _SENTENCE.match(one.words).groups()  # type: ignore[union-attr]  # it matches anything
    return Shown(
        mark=f"{one.source}:{one.item}", claim=claim, words=one.words, rest=rest, origin=_origin(one),
        at=_at(one.last_at), url=one.url, key=key,
        dismissal_url=f"/desk/{conversation_id}/suggestions/{one.source}/{one.item}/dismissal{'?top' * is_first}",
        held=one.held,
    )  # fmt: skip


def _origin(one: Suggestion) -> str:
    if one.source == "saved":
        return _("Saved reply")
    if one.source == "article":
        return _("Article for the team alone") if one.internal else _("Article")
    return ngettext("%(n)s answer of a colleague", "%(n)s answers of colleagues", one.times) % {"n": one.times}


def _at(moment: datetime | None) -> str:
    return "" if moment is None else drawn.written(moment)
