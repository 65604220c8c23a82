"""The organization's own attributes of a conversation: shown beside it, and the form that changes them.

Whoever resolves a conversation in which something is still asked gets the form, with those fields marked.
"""

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
from careline.service.conversations import actions, endings, queries
from careline.service.conversations.hot.shapes import ListRow
from careline.web.doors import AgentRequest, signed_in
from careline.web.people import knowing
from careline.web.people.drawn import Fact, value_words

OF = "conversation"
# The form leads on to the end of the conversation.
ENDING = "resolve"


class Drawn(msgspec.Struct, frozen=True):
    """A field of the form with what stands in it."""

    field: knowing.Field
    value: str
    is_asked: bool
    error: str


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
        if ENDING in request.POST:
            actions.resolve(conversation_id, actor=request.actor)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return _form(request, queries.one(request.actor, conversation_id), refusal)
    if not request.headers.get("HX-Request"):
        return redirect(f"/desk/{conversation_id}")
    return _shown(request, queries.one(request.actor, conversation_id))


def asked(request: AgentRequest, conversation_id: int) -> HttpResponse:
    """Instead of an end that must wait for it: the form, beside the thread or as a page."""
    if not request.headers.get("HX-Request"):
        return redirect(f"/desk/{conversation_id}/attributes?{ENDING}")
    answer = _form(request, queries.one(request.actor, conversation_id))
    answer["HX-Retarget"], answer["HX-Reswap"] = "#talk-facts", "outerHTML"
    return answer


def _shown(request: AgentRequest, found: ListRow) -> HttpResponse:
    labels = [(one.name, one.label) for one in customers.attributes(OF).order_by("label", "name")]
    return render(request, "desk/_facts.html", {"talk": told(request.actor, found, labels)})


def _form(request: AgentRequest, found: ListRow, refusal: Refused | None = None) -> HttpResponse:
    """As it stands; of a refused one, what was written is shown again."""
    values: dict[str, Any] = msgspec.json.decode(found.attributes)
    wanted = {one.name for one in endings.still_asked(found.id, values)}
    # What an end waits for was kept before it was refused.
    again = refusal is not None and refusal.field != endings.FIELD
    ends = (refusal is not None and refusal.field == endings.FIELD) or request.path.endswith("/closure")
    drawn = [
        Drawn(
            one, request.POST.get(f"attribute.{one.name}", one.value) if again else one.value, one.name in wanted,
            str(refusal) if refusal and refusal.field == one.name else "",
        )
        for one in knowing.fields(values, OF)
    ]  # fmt: skip
    whole = not request.headers.get("HX-Request")
    context = {
        "conversation": found, "url": f"/desk/{found.id}/attributes", "drawn": drawn, "whole": whole,
        "ends": ends or ENDING in request.GET or ENDING in request.POST,
        "error": str(refusal) if refusal and not any(one.error or one.is_asked for one in drawn) else "",
    }  # fmt: skip
    template = "desk/attributes.html" if whole else "desk/_describing.html"
    return render(request, template, context, status=refusal.status if refusal else 200)
