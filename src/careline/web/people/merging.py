"""Saying that two customers are one: whom it could be, both side by side, and the word that joins them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from careline.accounts.actor import Actor
from careline.customers import actions, queries
from careline.kit.refusals import Refused
from careline.service.conversations import queries as conversations
from careline.touchpoints import queries as touchpoints
from careline.web import line
from careline.web.doors import AgentRequest, signed_in
from careline.web.people.drawn import number, shown, talks

FOUND = 20
MOMENTS = 12


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def merge(request: AgentRequest, person_id: int) -> HttpResponse:
    """`q` looks for the other one, `other` shows both, and a post joins them."""
    actor = request.actor
    actor.must("customers.edit")
    person = queries.person(actor, person_id)
    context: dict[str, Any] = {"q": request.GET.get("q", "")[:300], "found": [], "sides": [], "error": ""}
    status = 200
    other = request.POST.get("other") or request.GET.get("other")
    try:
        if request.method == "POST":
            actions.merge(person.pk, number(other), actor=actor)
            return redirect(f"/customers/{person.pk}")
        if other:
            context["sides"] = [_side(actor, person.pk), _side(actor, number(other))]
    except Refused as refusal:
        context["error"], status = str(refusal), refusal.status
    if context["q"]:
        rows = [one for one in queries.search(actor, context["q"], limit=FOUND + 1) if one.pk != person.pk]
        context["found"] = [shown(one.person, one.identities) for one in queries.whole(rows[:FOUND])]
    [whole] = queries.whole([person])
    context["person"] = shown(person, whole.identities)
    return render(request, "people/merge.html", context, status=status)


def _side(actor: Actor, person_id: int) -> dict[str, Any]:
    found = queries.person(actor, person_id)
    [whole] = queries.whole([found])
    ids = [found.pk, *whole.joined]
    spoken = conversations.of_person(actor, ids)
    about = talks(spoken)
    return {
        "person": shown(found, whole.identities),
        "scrap": found.scrap,
        "talks": len(spoken),
        "moments": line.draw(touchpoints.line(actor, ids, limit=MOMENTS), about=about, newest_first=True),
    }
