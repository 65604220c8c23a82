"""What an agent says of themselves, and what is offered to them: above the list, drawn anew at every push."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careline.accounts.actor import Actor
from careline.kit.refusals import Refused
from careline.service.conversations import queries as talks
from careline.service.routing import actions, explaining, queries
from careline.web.desk.drawn import written
from careline.web.doors import AgentRequest, signed_in
from careline.web.sayings import channel_icon, channel_word, status_words


class Card(msgspec.Struct, frozen=True):
    """An offer: whose conversation it is, why it came here, and until when it stands."""

    id: int
    queue: str
    who: str
    words: str
    why: str
    icon: str
    way: str
    due_at: str
    seconds: int


def shown(actor: Actor) -> dict[str, Any]:
    """What `desk/_at_work.html` needs; nothing where no queue is on, or for whoever does not answer customers."""
    if not (actor.agent_id and actor.may("conversations.reply") and queries.is_set_up()):
        return {"at_work": None}
    held = queries.presence(actor, actor.agent_id)
    words = status_words()
    choices = [("ready", "", words["ready"])]
    reasons = list(queries.reasons(actor))
    for status in ("busy", "break", "away", "off"):
        choices.append((status, "", words[status]))
        choices += [(status, str(one.pk), one.name) for one in reasons if one.status == status]
    shown = {
        "status": held.status, "word": held.reason.name if held.reason else words[held.status], "choices": choices,
        "chosen": (held.status, str(held.reason_id or "")), "silent": bool(held.returns_to),
        "since": _since(held.since),
    }  # fmt: skip
    return {"at_work": shown, "offers": cards(actor)}


def _since(known: datetime | None) -> str:
    """Whoever never chose a status is what they are since nobody knows when."""
    return written(known) if known else ""


def cards(actor: Actor) -> list[Card]:
    offers = list(queries.offers(actor))
    rows = {row.id: row for row in talks.these(actor, [one.conversation_id for one in offers])}
    return [
        Card(
            id=one.pk, queue=one.queue.name if one.queue else "", who=row.person_name or _("Somebody new"),
            words=row.subject or row.preview, why=explaining.in_words(one.because), icon=channel_icon(row.channel),
            way=channel_word(row.channel), due_at=written(one.due_at),
            seconds=round((one.due_at - one.made_at).total_seconds()),
        )
        for one in offers
        if (row := rows.get(one.conversation_id)) is not None
    ]  # fmt: skip


@require_safe
@signed_in
def at_work(request: AgentRequest) -> HttpResponse:
    return _drawn(request)


@require_http_methods(["PUT", "POST"])
@signed_in
def status(request: AgentRequest) -> HttpResponse:
    """One's own; `status` and, after a colon, the reason."""
    given = request.POST if request.method == "POST" else QueryDict(request.body, encoding="utf-8")
    wanted, _colon, reason = given.get("status", "").partition(":")
    if reason and not (reason.isdecimal() and len(reason) < 10):
        raise Refused(_("Choose one from the list."))
    actions.set_status(
        request.actor.agent_id or 0, wanted, actor=request.actor, reason_id=int(reason) if reason else None
    )
    return _drawn(request)


@require_http_methods(["POST"])
@signed_in
def acceptance(request: AgentRequest, offer_id: int) -> HttpResponse:
    """Theirs now: the desk opens it."""
    try:
        taken = actions.accept(offer_id, actor=request.actor)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        return _drawn(request, said=str(refusal))
    address = f"/desk/{taken.conversation_id}"
    if not request.headers.get("HX-Request"):
        return redirect(address)
    answer = _drawn(request)
    answer["HX-Trigger"] = msgspec.json.encode({"taken": {"url": address}}).decode()
    return answer


@require_http_methods(["POST"])
@signed_in
def refusal(request: AgentRequest, offer_id: int) -> HttpResponse:
    try:
        actions.refuse(offer_id, actor=request.actor)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        return _drawn(request, said=str(refusal))
    return _drawn(request)


def _drawn(request: AgentRequest, said: str = "") -> HttpResponse:
    if request.method not in ("GET", "HEAD") and not request.headers.get("HX-Request"):
        return redirect("/desk")
    return render(request, "desk/_at_work.html", {**shown(request.actor), "said": said})
