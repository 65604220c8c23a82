"""The envelope of a mail that is being written: whom it goes to, under which words, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careline.channels.letters import Letter
from careline.files.limits import LARGEST
from careline.kit import text
from careline.kit.refusals import NotVisible, Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.hot.shapes import ListRow, Said, ThreadRow
from careline.service.conversations.letters import addressed
from careline.service.conversations.letters.following import Envelope
from careline.web.desk import drawn
from careline.web.doors import AgentRequest, signed_in


def shown(conversation: ListRow, found: Envelope, lines: Sequence[ThreadRow]) -> dict[str, Any]:
    """The fields as they stand before anybody has touched them."""
    return {
        **fields(found),
        "subject": found.subject,
        "quotes": found.quotes,
        "says": {"remarks": found.remarks},
        "passed_on": found.passed_on,
        "passable": passable(lines),
        "check_url": f"/desk/{conversation.id}/recipients",
    }


def passable(lines: Sequence[ThreadRow]) -> list[dict[str, Any]]:
    """What the customer said and was told, the newest first."""
    said = sorted((one for one in lines if one.kind in ("incoming", "reply")), key=lambda one: -one.seq)
    return [
        {
            "id": one.id,
            "author_name": one.author_name or _("Customer"),
            "at": drawn.written(one.occurred_at),
            "said": text.excerpt(one.body, 60),
        }
        for one in said
    ]


def forward(request: AgentRequest, conversation_id: int, files: Sequence[Any]) -> Said:
    """To whom the fields say, below the comment."""
    given = request.POST
    return actions.forward(
        conversation_id,
        actor=request.actor,
        letter=addressed.of_fields(given),
        message_id=_message(given.get("message_id", "")),
        body=given.get("body", "").replace("\r\n", "\n"),
        files=files,
        client_id=given.get("client_id") or None,
    )


def _message(given: str) -> UUID | None:
    try:
        return UUID(given) if given else None
    except ValueError:
        raise NotVisible(_("There is no such message in this conversation.")) from None


def fields(found: Envelope) -> dict[str, Any]:
    return {
        "sender": addressed.written([found.sender]),
        "to": addressed.written(found.to),
        "cc": addressed.written(found.cc),
        "bcc": "",
        "known": [addressed.written([one]) for one in found.known],
        "signature": found.signature,
        "room": found.room,
        "each": min(LARGEST, found.room or LARGEST),
    }


def chosen(given: Mapping[str, str]) -> Letter | None:
    """What stood in the fields; nothing where there were none."""
    if "to" not in given:
        return None
    return addressed.of_fields(given, quotes=given.get("quotes") == "on" if "quotable" in given else None)


@require_safe
@signed_in
def recipients(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """What is wrong with the fields as they stand now, and what somebody should know before sending."""
    queries.one(request.actor, conversation_id)
    wrong = faults(request.GET)
    passes_on = request.GET.get("kind") == "forward"
    letter = None if wrong else addressed.of_fields(request.GET)
    remarks = queries.remarks(request.actor, conversation_id, letter, passes_on=passes_on) if letter else []
    return render(request, "parts/_recipients.html", {"says": {"wrong": wrong, "remarks": remarks}})


def faults(given: Mapping[str, str]) -> dict[str, str]:
    """By field; each field by itself, so that all are told at once."""
    wrong: dict[str, str] = {}
    for field in addressed.FIELDS:
        try:
            addressed.typed(given.get(field, ""), field)
        except Refused as refusal:
            wrong[field] = str(refusal)
    if not wrong:
        try:
            addressed.of_fields(given)
        except Refused as refusal:
            wrong[refusal.field or "to"] = str(refusal)
    return wrong
