"""The envelope of a mail that is being written: whom it goes to, under which words, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from careline.accounts.actor import Actor
from careline.channels.letters import Letter
from careline.files.limits import LARGEST
from careline.kit.refusals import Refused
from careline.service.conversations import queries
from careline.service.conversations.letters import addressed
from careline.service.conversations.letters.following import Envelope
from careline.web.doors import AgentRequest, signed_in


def shown(actor: Actor, conversation_id: int) -> dict[str, Any] | None:
    """The fields as they stand before anybody has touched them; nothing in a channel without letters."""
    found = queries.envelope(actor, conversation_id)
    if found is None:
        return None
    usual = Letter(to=found.to, cc=found.cc)
    return {
        **fields(found),
        "subject": found.subject,
        "quotes": found.quotes,
        "says": {"remarks": queries.remarks(actor, conversation_id, usual) if found.to or found.cc else []},
        "check_url": f"/desk/{conversation_id}/recipients",
    }


def fields(found: Envelope) -> dict[str, Any]:
    return {
        "sender": addressed.written([found.sender]),
        "to": addressed.written(found.to),
        "cc": addressed.written(found.cc),
        "bcc": "",
        "known": [addressed.written([one]) for one in found.known],
        "signature": found.signature,
        "room": found.room,
        "each": LARGEST,
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
    remarks = [] if wrong else queries.remarks(request.actor, conversation_id, addressed.of_fields(request.GET))
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
