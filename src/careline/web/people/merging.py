"""Saying that two customers are one: whom it could be, both side by side, and the word that joins them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline.accounts.actor import Actor
from careline.customers import actions, queries
from careline.kit.refusals import Conflicting, Refused
from careline.service.conversations import queries as conversations
from careline.touchpoints import queries as touchpoints
from careline.web import line
from careline.web.doors import AgentRequest, signed_in
from careline.web.people.drawn import evidence, number, shown, talks

FOUND = 20
MOMENTS = 12
PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def merge(request: AgentRequest, person_id: int) -> HttpResponse:
    """`q` looks for the other one, `other` shows both, `keep` says who stands for both, and a post joins them."""
    actor = request.actor
    actor.must("customers.edit")
    person = queries.customer(actor, person_id)
    context: dict[str, Any] = {
        "person": shown(person), "q": request.GET.get("q", "")[:300], "found": [], "sides": [], "error": "",
    }  # fmt: skip
    status = 200
    given = request.POST if request.method == "POST" else request.GET
    try:
        if other_id := given.get("other"):
            other = queries.customer(actor, number(other_id))
            kept, joined = (other, person) if given.get("keep") == str(other.pk) else (person, other)
            if request.method == "POST":
                entry = actions.merge(kept.pk, joined.pk, actor=actor)
                return redirect(f"/customers/{kept.pk}?joined={entry.pk}")
            context |= _compared(actor, kept, joined)
        elif request.method == "POST":
            number(None)
    except Refused as refusal:
        context["error"], status = str(refusal), refusal.status
    if context["q"]:
        rows = [one for one in queries.search(actor, context["q"], limit=FOUND + 1) if one.pk != person.pk]
        context["found"] = [(shown(one), one) for one in queries.whole(rows[:FOUND])]
    return render(request, "people/merge.html", context, status=status)


@require_safe
@signed_in
def suggestions(request: AgentRequest) -> HttpResponse:
    """Pairs that may be one customer, the newest first, each with what speaks for it."""
    before = request.GET.get("before", "")
    start = int(before) if before.isdecimal() and len(before) < 19 else None
    rows = queries.suggestions(request.actor, before=start, limit=PAGE)
    older = f"/customers/suggestions?before={rows[-1].pk}" if len(rows) == PAGE else ""
    pairs = [
        {
            "id": one.pk,
            "at": one.created_at,
            "sides": [shown(one.one), shown(one.other)],
            "words": evidence(one.evidence),
        }
        for one in rows
    ]
    return render(
        request, "people/suggestions.html",
        {"pairs": pairs, "older": older, "may_edit": request.actor.may("customers.edit")},
    )  # fmt: skip


@require_POST
@signed_in
def dismissal(request: AgentRequest, suggestion_id: int) -> HttpResponse:
    """These are two."""
    actions.dismiss(suggestion_id, actor=request.actor)
    return redirect("/customers/suggestions")


def _compared(actor: Actor, kept: queries.Whole, joined: queries.Whole) -> dict[str, Any]:
    if kept.pk == joined.pk:
        raise Conflicting(_("These two are one customer already."))
    return {
        "sides": [_side(actor, kept), _side(actor, joined)],
        "proved": all(any(name.verified for name in one.identities) for one in (kept, joined)),
        "blocked": (kept.blocked_at is None) != (joined.blocked_at is None),
        "evidence": evidence(queries.evidence(actor, kept, joined)),
        "unwanted": _unwanted(actor, kept, joined),
    }


def _unwanted(actor: Actor, kept: queries.Whole, joined: queries.Whole) -> list[str]:
    """For what only one of them said no: joined, that no holds for both."""
    said = [{one.purpose for one in queries.consents(actor, side.pk) if not one.given} for side in (kept, joined)]
    return sorted(said[0] ^ said[1])


def _side(actor: Actor, customer: queries.Whole) -> dict[str, Any]:
    spoken = conversations.of_person(actor, customer.pk)
    touched = touchpoints.line(actor, customer.ids, limit=MOMENTS)
    return {
        "person": shown(customer),
        "scrap": customer.scrap,
        "efforts": customer.efforts,
        "talks": len(spoken),
        "notes": queries.notes(actor, customer.pk).count(),
        "traits": {
            name: value
            for name, value in queries.traits(actor, customer.pk).items()
            if (name, value) != ("name", customer.name)
        },
        "moments": line.draw(touched, about=talks(spoken), newest_first=True),
    }
