"""Words of a conversation: earlier ones, and new ones of ours."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from careline.files import actions as files
from careline.kit.refusals import Refused
from careline.service.assist import earning
from careline.service.conversations import actions, queries
from careline.service.conversations.hot import refused
from careline.service.conversations.hot.shapes import Said
from careline.web import errors
from careline.web.desk import drawn, screen, suggesting, writing
from careline.web.doors import AgentRequest, signed_in

FILES = 10


@require_safe
@signed_in
def earlier(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """The lines before a number, for a thread longer than its first page."""
    before = request.GET.get("before", "")
    if not (before.isdecimal() and len(before) < 10):
        raise Refused(_("Name the line before which to read."))
    found = queries.one(request.actor, conversation_id)
    lines = queries.thread(request.actor, found.id, before=int(before), limit=screen.LINES)
    first = lines[-1].seq if len(lines) == screen.LINES and lines[-1].seq > 1 else 0
    return render(
        request, "desk/_lines.html", {"conversation": found, "messages": drawn.lines(lines), "earlier": first}
    )


@require_safe
@signed_in
def since(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """The lines after a number, for a window that missed some."""
    after = request.GET.get("after", "")
    number = int(after) if after.isdecimal() and len(after) < 10 else 0
    lines = queries.since(request.actor, queries.one(request.actor, conversation_id).id, after=number)
    return render(request, "desk/_lines.html", {"messages": drawn.lines(lines), "earlier": 0})


@require_POST
@signed_in
def create(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """A reply or a note. The answer is the new line; without scripts, the page it stands on."""
    uploads = request.FILES.getlist("files")
    if len(uploads) > FILES:
        raise Refused(_("A message carries at most %(most)s files.") % {"most": FILES})
    try:
        said = _said(request, conversation_id, uploads)
    except refused.OtherWords:
        # The answer to the first was lost on its way; whoever still wants these said sends them as a new message.
        sentence = _("What you sent before had arrived after all. Send again to send this too.")
        answer = errors.refused(request, Refused(sentence))
        answer["Next-Client-Id"] = screen.fresh_key()
        return answer
    except earning.Overtaken as overtaken:
        answer = errors.refused(request, overtaken)
        answer["Seen-Seq"] = str(overtaken.seq)
        return answer
    if not request.headers.get("HX-Request"):
        return redirect(f"/desk/{conversation_id}")
    lines = queries.since(request.actor, conversation_id, after=said.seq - 1, limit=1)
    return render(
        request,
        "desk/_sent.html",
        {"messages": drawn.lines(lines), "client_id": screen.fresh_key(), "seq": said.seq},
        status=201,
    )


def _said(request: AgentRequest, conversation_id: int, uploads: list[Any]) -> Said:
    kind = request.POST.get("kind")
    letter = writing.chosen(request.POST) if kind not in ("note", "forward") else None
    files = _stored(request, conversation_id, uploads) if uploads else []
    if kind == "forward":
        return writing.forward(request, conversation_id, files)
    verb = actions.note if kind == "note" else partial(actions.reply, letter=letter)
    body = request.POST.get("body", "").replace("\r\n", "\n")
    say = partial(
        verb, conversation_id, actor=request.actor, body=body, client_id=request.POST.get("client_id") or None,
        files=files,
    )  # fmt: skip
    if kind == "note":
        return say()
    seen = request.POST.get("seen", "")
    return earning.reply(
        conversation_id, body, say, suggesting.put(request.POST), actor=request.actor, top=request.POST.get("top", ""),
        seen=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else None,
    )  # fmt: skip


def _stored(request: AgentRequest, conversation_id: int, uploads: list[Any]) -> list[Any]:
    """Kept under the customer's own key before the words are written; what is never said is swept away later."""
    person_id = queries.one(request.actor, conversation_id).person_id
    return [
        files.store(
            upload.read(),
            name=upload.name or "file",
            media_type=upload.content_type or "",
            person_id=person_id,
            uploaded_by=f"agent:{request.actor.agent_id}",
        )
        for upload in uploads
    ]
