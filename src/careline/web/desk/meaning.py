"""What a customer's messages meant: whether the bot was right, and a message as a phrasing, by one press."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.intelligence.redaction import Mask
from careline.kit.refusals import NotVisible, Refused
from careline.service.bots import quality
from careline.service.conversations import queries
from careline.service.intents import actions
from careline.service.intents import queries as intents
from careline.web.bots.answering import bands
from careline.web.doors import AgentRequest, signed_in

SHOWN = 50
# How far back a message of a thread can be asked about.
LONGEST = 2_000


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def meaning(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """The customer's messages, the newest first. Who may reply says what was right, who writes bots adds phrasings."""
    actor = request.actor
    found = queries.one(actor, conversation_id)
    actor.must("conversations.reply")
    error, status, told = "", 200, ""
    said = _said(request, conversation_id)
    by_id = {str(one.id): one for one in said}
    if request.method == "POST":
        try:
            told = _done(request, by_id)
            if told == "":
                return redirect(f"/desk/{conversation_id}/meaning")
        except Refused as refusal:
            if refusal.status not in (409, 422):
                raise
            error, status = str(refusal), refusal.status
    judged = quality.of_messages(actor, conversation_id)
    rows = [_row(found, one, judged.get(one.id)) for one in reversed(said[-SHOWN:])]
    return render(request, "desk/meaning.html", _context(request, found, error, told) | {"rows": rows}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def one(request: AgentRequest, conversation_id: int, message_id: UUID) -> HttpResponse:
    """The same of one message, at the message itself."""
    actor = request.actor
    found = queries.one(actor, conversation_id)
    actor.must("conversations.reply")
    message = next((one for one in _said(request, conversation_id, limit=LONGEST) if one.id == message_id), None)
    if message is None:
        raise NotVisible(_("The customer has not said this here."))
    error, told = "", ""
    if request.method == "POST":
        try:
            told = _done(request, {request.POST.get("message", ""): message}) or _("Noted.")
        except Refused as refusal:
            if refusal.status not in (409, 422):
                raise
            error = str(refusal)  # answered as well as anything: it takes the place of the form
    row = _row(found, message, quality.of_messages(actor, conversation_id).get(message_id))
    context = _context(request, found, error, told) | {"row": row, "likely": _likely(row[2], message.body)}
    return render(request, "desk/_meant.html", context)


def _said(request: AgentRequest, conversation_id: int, *, limit: int = 200) -> list[Any]:
    lines = queries.thread(request.actor, conversation_id, limit=limit)
    return [one for one in lines if one.kind == "incoming" and one.body]


def _row(found: Any, message: Any, judged: Any) -> tuple[Any, str, Any]:
    return message, _bare(found, message.body), judged


def _context(request: AgentRequest, found: Any, error: str, told: str) -> dict[str, Any]:
    return {
        "conversation": found, "error": error, "told": told, "did": bands(), "intents": intents.choices(),
        "may_write": request.actor.may("bots.manage"),
    }  # fmt: skip


def _likely(judged: Any, said: str) -> str:
    """What it is most likely about, by what somebody said of it, what the bot took it for, or what we know of words."""
    if judged is not None and (judged.right_intent or judged.ranked):
        return judged.right_intent or str(judged.ranked[0][0])
    return intents.likeliest(said)


def _bare(found: Any, words: str) -> str:
    """As it may be kept: without who they are."""
    mask = Mask([part for part in (found.person_name or "").split() if len(part) > 2])
    return mask.hide(" ".join(words.split()))[: actions.LONGEST]


def _done(request: AgentRequest, by_id: dict[str, Any]) -> str:
    actor, post, what = request.actor, request.POST, request.POST.get("what", "")
    message = by_id.get(post.get("message", ""))
    if message is None:
        raise Refused(_("Choose one of the customer's messages."))
    if what == "right":
        quality.correct(message.id, actor=actor, right=True)
    elif what == "wrong":
        quality.correct(message.id, actor=actor, right=False, intent=post.get("intent", ""))
    elif what == "phrase":
        if not post.get("intent"):
            raise Refused(_("Choose an intent."), field="intent")
        report = actions.phrase(post["intent"], [post.get("text", "").strip()], actor=actor)
        if report.refused:
            raise Refused(report.refused[0][1], field="text")
        return _("It is a phrasing now; it is learned within a minute.") if report.added else _("It was one already.")
    else:
        raise Refused(_("There is nothing of that name to change."))
    return ""
