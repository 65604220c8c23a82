"""Erasing a customer: what goes and what stays, said before; how far the disk is clean, said after. And the export."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careline.customers import actions as customers
from careline.customers import queries
from careline.kit.refusals import Refused
from careline.privacy import actions
from careline.privacy import queries as privacy
from careline.web import cleansing
from careline.web.doors import AgentRequest, signed_in
from careline.web.people.drawn import shown


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def erasure(request: AgentRequest, person_id: int) -> HttpResponse:
    """A post erases; with `now` the disk is cleaned right away. Posted for somebody erased, `now` cleans alone."""
    actor = request.actor
    actor.must("customers.erase")
    found = queries.customer(actor, person_id)
    error, status = "", 200
    if request.method == "POST":
        urgent = request.POST.get("now") == "on"
        try:
            if found.erased_at is None and request.POST.get("number", "").strip() != str(found.pk):
                raise Refused(_("Type the customer's number, which is %(number)s.") % {"number": found.pk})
            actions.erase(found.pk, actor=actor, urgent=urgent)
            return redirect(f"/customers/{found.pk}/erasure")
        except Refused as refusal:
            if refusal.status not in (409, 422):
                raise
            error, status = str(refusal), refusal.status
    context: dict[str, Any] = {"person": shown(found), "erased_at": found.erased_at, "error": error}
    if found.erased_at is None:
        goes, stays = _told(privacy.going_with(actor, found.pk))
        context |= {"goes": goes, "stays": stays}
    else:
        newest = privacy.cleansing_of(actor, found.pk)
        context["cleansing"] = newest and cleansing.drawn(newest)
    return render(request, "people/erasure.html", context, status=status)


@require_safe
@signed_in
def export(request: AgentRequest, person_id: int) -> HttpResponse:
    """Everything every room keeps of the customer, as one JSON file."""
    rows = customers.export(person_id, actor=request.actor)
    written = json.dumps({"customer": str(person_id), "rows": rows}, ensure_ascii=False, indent=2)
    answer = HttpResponse(written, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="customer-{person_id}.json"'
    answer["Cache-Control"] = "no-store"
    return answer


def _told(counts: dict[str, int]) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """In words: what is emptied or removed, and what is left to be counted."""
    named = {
        "customers.Person": _("Name, language and attributes"),
        "customers.Identity": _("Addresses and numbers"),
        "customers.Trait": _("Traits"),
        "customers.ComputedValue": _("Computed traits"),
        "customers.Note": _("Notes"),
        "customers.Suggestion": _("Suggestions whom it could be"),
        "conversations.Message": _("Messages and notes in conversations"),
        "conversations.Attachment": _("Attachments"),
        "files.StoredFile": _("Files, with the key that opens them"),
        "channels.Inbound": _("Deliveries as they came"),
        "channels.Outbox": _("Messages on their way out"),
        "contact.Decision": _("Decisions about contacting"),
        "contact.Hold": _("Holds"),
        "tracking.Sighting": _("Events in the debugger"),
    }
    remain = {
        "touchpoints.Touchpoint": _("Moments, emptied, under a random number"),
        "conversations.Conversation": _("Conversations, emptied"),
    }
    goes = [(named.get(label, label), n) for label, n in counts.items() if label not in remain]
    return goes, [(word, counts[label]) for label, word in remain.items() if label in counts]
