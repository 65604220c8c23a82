"""Customers out as a file, and a file of them in: looked at first, then taken, each refused row with its reason."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careline.customers import queries
from careline.customers.sheets import cells, incoming, outgoing, vcards
from careline.kit.refusals import Refused
from careline.web.doors import AgentRequest, signed_in
from careline.web.people.drawn import number

SHOWN = 5
REFUSED = 200


@require_safe
@signed_in
def export(request: AgentRequest) -> HttpResponseBase:
    """The list as it is narrowed."""
    request.actor.must("customers.export")
    q, asked, format = (request.GET.get(word, "") for word in ("q", "segment", "format"))
    among = queries.narrowed(
        request.actor, segment_id=number(asked) if asked else None, where=request.GET.getlist("where")
    )
    answer: StreamingHttpResponse
    if format in ("3.0", "4.0"):
        version: vcards.Version = "3.0" if format == "3.0" else "4.0"
        pieces, media, name = outgoing.as_cards(request.actor, version, q[:300], among=among), "text/vcard", "vcf"
    else:
        pieces, media, name = outgoing.as_csv(request.actor, q[:300], among=among), "text/csv", "csv"
    answer = StreamingHttpResponse(pieces, content_type=f"{media}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="customers.{name}"'
    return answer


@require_safe
@signed_in
def card(request: AgentRequest, person_id: int) -> HttpResponse:
    answer = HttpResponse(outgoing.card_of(request.actor, person_id, "4.0"), content_type="text/vcard; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="customer-{person_id}.vcf"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def take(request: AgentRequest) -> HttpResponse:
    request.actor.must("customers.edit")
    context: dict[str, Any] = {"error": "", "table": None, "cards": None, "report": None, "taken": False, "kept": ""}
    status = 200
    if request.method == "POST":
        try:
            context |= _looked_at(request)
        except Refused as refusal:
            context["error"], status = str(refusal), refusal.status
    return render(request, "people/import.html", context, status=status)


def _looked_at(request: AgentRequest) -> dict[str, Any]:
    raw, keep = _raw(request), request.POST.get("what") == "take"
    found: dict[str, Any] = {"kept": base64.b64encode(raw).decode(), "taken": keep, "most": REFUSED}
    if b"BEGIN:VCARD" in raw[:2000].upper():
        cards = vcards.read(raw)
        found["cards"] = [(one.name, ", ".join([*one.emails, *one.phones])) for one in cards[:SHOWN]]
        found["report"] = incoming.take_cards(cards, actor=request.actor, keep=keep)
        return found
    table = cells.table(raw)
    guessed = incoming.guessed(table.heads)
    columns = [request.POST.get(f"column.{n}", guess) for n, guess in enumerate(guessed)]
    found |= {
        "columns": list(zip(table.heads, columns, strict=True)), "fields": _fields(),
        "table": [(row + [""] * len(columns))[: len(columns)] for row in table.rows[:SHOWN]],
    }  # fmt: skip
    try:
        found["report"] = incoming.take_table(table, columns, actor=request.actor, keep=keep)
    except Refused as refusal:
        # What was chosen is shown again, to be mended.
        found |= {"error": str(refusal), "taken": False}
    return found


def _raw(request: AgentRequest) -> bytes:
    if (file := request.FILES.get("file")) is not None:
        if (file.size or 0) > cells.LARGEST:
            raise Refused(_("A file may have at most 1 MB."), field="file")
        return bytes(file.read())
    try:
        raw = base64.b64decode(request.POST.get("kept", ""), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw:
        raise Refused(_("Choose a file."), field="file")
    return raw


def _fields() -> list[tuple[str, str]]:
    words = {
        "": _("left out"), "name": _("Name"), "email": _("Email"), "phone": _("Phone"),
        "external_id": _("Customer number"), "company": _("Company"), "language": _("Language"),
        "zone": _("Time zone"),
    }  # fmt: skip
    return [*words.items(), *((f"attribute:{one.name}", one.label) for one in queries.attributes())]
