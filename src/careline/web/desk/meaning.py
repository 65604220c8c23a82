"""What a customer's messages meant: whether the bot was right, and a message as a phrasing, by one press."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.intelligence.redaction import Mask
from careline.kit.refusals import Refused
from careline.service.bots import quality
from careline.service.conversations import queries
from careline.service.intents import actions
from careline.service.intents import queries as intents
from careline.web.bots.answering import bands
from careline.web.doors import AgentRequest, signed_in

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def meaning(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """The customer's messages, the newest first. Who may reply says what was right, who writes bots adds phrasings."""
    actor, post = request.actor, request.POST
    found = queries.one(actor, conversation_id)
    actor.must("conversations.reply")
    error, status, told = "", 200, ""
    said = [one for one in queries.thread(actor, conversation_id, limit=200) if one.kind == "incoming" and one.body]
    by_id = {str(one.id): one for one in said}
    if request.method == "POST":
        try:
            told = _done(request, found, by_id)
            if told == "":
                return redirect(f"/desk/{conversation_id}/meaning")
        except Refused as refusal:
            if refusal.status not in (409, 422):
                raise
            error, status = str(refusal), refusal.status
    judged = {str(key): one for key, one in quality.of_messages(actor, conversation_id).items()}
    rows = [(one, _bare(found, one.body), judged.get(str(one.id))) for one in reversed(said[-SHOWN:])]
    context: dict[str, Any] = {
        "conversation": found, "rows": rows, "error": error, "told": told, "did": bands(), "bands": bands(),
        "intents": intents.choices(), "may_write": actor.may("bots.manage"), "said": post.get("message", ""),
    }  # fmt: skip
    return render(request, "desk/meaning.html", context, status=status)


def _bare(found: Any, words: str) -> str:
    """As it may be kept: without who they are."""
    mask = Mask([part for part in (found.person_name or "").split() if len(part) > 2])
    return mask.hide(" ".join(words.split()))[: actions.LONGEST]


def _done(request: AgentRequest, found: Any, by_id: dict[str, Any]) -> str:
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
