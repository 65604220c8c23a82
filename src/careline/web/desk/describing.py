"""The organization's own attributes of a conversation: shown beside it, and the form that changes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from careline.accounts.actor import Actor
from careline.customers import queries as customers
from careline.kit.refusals import Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.hot.shapes import ListRow
from careline.web.doors import AgentRequest, signed_in
from careline.web.people import knowing
from careline.web.people.drawn import Fact, value_words

OF = "conversation"


class Told(msgspec.Struct, frozen=True):
    """What the attributes say of a conversation; `any` when the organization defined one at all."""

    url: str
    facts: list[Fact]
    any: bool
    may: bool


def told(actor: Actor, found: ListRow, labels: Sequence[tuple[str, str]]) -> Told:
    values: dict[str, Any] = msgspec.json.decode(found.attributes)
    facts = [Fact(label, value_words(values[name])) for name, label in labels if name in values]
    return Told(f"/desk/{found.id}/attributes", facts, bool(labels), actor.may("conversations.reply"))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def attributes(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """The form; saved, or with `shown`, what stands there now. A script asks for the part, a browser for the page."""
    found = queries.one(request.actor, conversation_id)
    if "shown" in request.GET:
        return _shown(request, found)
    request.actor.must("conversations.reply")
    if request.method != "POST":
        return _form(request, found)
    try:
        actions.describe(conversation_id, knowing.written(request.POST.dict(), OF), actor=request.actor)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return _form(request, found, refusal)
    if not request.headers.get("HX-Request"):
        return redirect(f"/desk/{conversation_id}")
    return _shown(request, queries.one(request.actor, conversation_id))


def _shown(request: AgentRequest, found: ListRow) -> HttpResponse:
    labels = [(one.name, one.label) for one in customers.attributes(OF).order_by("label", "name")]
    return render(request, "desk/_facts.html", {"talk": told(request.actor, found, labels)})


def _form(request: AgentRequest, found: ListRow, refusal: Refused | None = None) -> HttpResponse:
    """As it stands; of a refused one, what was written is shown again."""
    standing = knowing.fields(msgspec.json.decode(found.attributes), OF)
    drawn = [
        (request.POST.get(f"attribute.{one.name}", one.value) if refusal else one.value, one,
         str(refusal) if refusal and refusal.field == one.name else "")
        for one in standing
    ]  # fmt: skip
    whole = not request.headers.get("HX-Request")
    context = {
        "conversation": found, "url": f"/desk/{found.id}/attributes", "drawn": drawn, "whole": whole,
        "error": str(refusal) if refusal and not any(said for _value, _one, said in drawn) else "",
    }  # fmt: skip
    template = "desk/attributes.html" if whole else "desk/_describing.html"
    return render(request, template, context, status=refusal.status if refusal else 200)
