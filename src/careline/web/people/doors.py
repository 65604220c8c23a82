"""Finding customers, and one customer's page: their line, what is known, what the team notes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline import contact
from careline.channels import queries as channels
from careline.contact import leaving
from careline.customers import actions, queries
from careline.customers import narrowing as narrowing_by
from careline.customers.identities import Given
from careline.kit.refusals import Refused
from careline.web import sayings
from careline.web.doors import AgentRequest, given, signed_in
from careline.web.people import asking, contacting, knowing, narrowing, story
from careline.web.people.drawn import evidence, number, shown

PAGE = 50
BOTH = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def people(request: AgentRequest) -> HttpResponse:
    """Everybody, or those found by name, number or address; the newest first."""
    actor, q, before = request.actor, request.GET.get("q", "")[:300], request.GET.get("before", "")
    chosen, where = request.GET.get("segment", ""), request.GET.getlist("where")
    actor.must("customers.view")
    segment = queries.segment(actor, number(chosen)) if chosen else None
    if asking.is_form(request.GET):
        return redirect(asking.address(q, chosen, asking.written(request.GET)))
    conditions, found, error, status = [], [], "", 200
    try:
        conditions = narrowing_by.read(where)
        found = queries.search(
            actor, q, before=int(before) if before.isdecimal() and len(before) < 19 else None, limit=PAGE,
            among=queries.narrowed(actor, segment_id=segment.pk if segment else None, where=where),
        )  # fmt: skip
    except Refused as refusal:
        if refusal.field != "where":
            raise
        error, status = str(refusal), refusal.status
    where, segments = [one.word for one in conditions], queries.segments(actor)
    context = {
        "rows": [(shown(one), one) for one in queries.whole(found)], "q": q, "segment": segment, "error": error,
        "older": asking.address(q, chosen, where, before=found[-1].pk) if len(found) == PAGE else "",
        "suggested": 0 if q or before or segment or where else queries.suggested(actor),
        "segments": segments, "asked": asking.asked(conditions, q, chosen), "where": where,
        "asking": asking.rows(conditions), "narrowed": asking.address(q, chosen, where).partition("?")[2],
        "everybody": asking.address(q, "", where), "unasked": asking.address(q, chosen, []),
        "of_segment": {one.pk: asking.address(q, str(one.pk), where) for one in segments},
    }  # fmt: skip
    return render(request, "people/people.html", context, status=status)


@BOTH
@signed_in
def create(request: AgentRequest) -> HttpResponse:
    context: dict[str, Any] = {"given": given(request), "errors": {}}
    if request.method != "POST":
        return render(request, "people/new.html", context)
    try:
        written = {kind: request.POST.get(kind, "").strip() for kind in ("email", "phone", "external")}
        names = [Given(kind, value) for kind, value in written.items() if value]
        if not names and not request.POST.get("name", "").strip():
            raise Refused(_("Give a name, an address or a number."), field="name")
        found = actions.find_or_create(names, actor=request.actor, name=request.POST.get("name", ""))
    except Refused as refusal:
        context["errors"] = {refusal.field or "name": str(refusal)}
        return render(request, "people/new.html", context, status=refusal.status)
    return redirect(f"/customers/{found.person.pk}")


@require_safe
@signed_in
def person(request: AgentRequest, person_id: int) -> HttpResponse:
    return _page(request, person_id)


@require_safe
@signed_in
def moments(request: AgentRequest, person_id: int) -> HttpResponse:
    """The line alone, for a window that heard of something new."""
    found = queries.customer(request.actor, person_id)
    wanted = narrowing.narrowed(request.GET.dict(), zone=request.actor.zone)
    return render(request, "people/_fresh.html", story.of(request.actor, found, wanted))


def _page(
    request: AgentRequest, person_id: int, errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    actor = request.actor
    found = queries.customer(actor, person_id)
    wanted = narrowing.narrowed(request.GET.dict(), zone=actor.zone)
    merges = queries.merges(found)
    context = {
        "person": shown(found),
        "whole": found,
        "erased": found.erased_at is not None,
        **story.of(actor, found, wanted),
        "notes": list(queries.notes(actor, found.pk)[:50]),
        "known": knowing.known(actor, found.pk),
        "definitions": knowing.fields(found.attributes),
        "consents": (consents := knowing.consents(actor, found.pk)),
        "purposes": (named := knowing.purposes(consents)),
        **contacting.standing(actor, found.pk, dict(named), request.GET),
        "opt_out": leaving.link(found.pk),
        "merges": [{"entry": one, "words": evidence(one.evidence)} for one in merges],
        "just_joined": next((one for one in merges if str(one.pk) == request.GET.get("joined")), None),
        "companies": queries.companies_of(actor, found.pk),
        "segments": queries.segments_of(actor, found.pk),
        "errors": errors or {},
        "given": request.POST.dict() if errors else {},
        "ways": [(way, _(sayings.BY_HAND[way][0])) for way in actions.WAYS],
        "may_edit": actor.may("customers.edit") and found.erased_at is None,
        "may_write": actor.may("conversations.reply") and found.erased_at is None and bool(channels.mailboxes(actor)),
        "may_export": actor.may("customers.export") and found.erased_at is None,
        "may_erase": actor.may("customers.erase") and found.erased_at is None,
        "may_look": actor.may("customers.erase"),
    }
    return render(request, "people/person.html", context, status=status)


@require_POST
@signed_in
def change(request: AgentRequest, person_id: int) -> HttpResponse:
    """One form of the page at a time: `what` names it."""
    what, actor = request.POST.get("what", ""), request.actor
    try:
        match what:
            case "name":
                actions.rename(person_id, request.POST.get("name", ""), actor=actor)
            case "identity":
                one = Given(request.POST.get("kind", ""), request.POST.get("written", "").strip())
                actions.add_identity(person_id, one, actor=actor)
            case "forget":
                actions.remove_identity(person_id, number(request.POST.get("identity")), actor=actor)
            case "note":
                actions.add_note(person_id, request.POST.get("body", ""), actor=actor)
            case "moment":
                at = story.written(request.POST.get("at", ""), actor.zone)
                actions.add_moment(
                    person_id, way=request.POST.get("way", ""), words=request.POST.get("words", ""), at=at, actor=actor
                )
            case "unnote":
                actions.remove_note(person_id, number(request.POST.get("note")), actor=actor)
            case "company":
                actions.join_company_named(person_id, request.POST.get("company", ""), actor=actor)
            case "attributes":
                actions.set_attributes(person_id, knowing.written(request.POST.dict()), actor=actor)
            case "consent":
                purpose = request.POST.get("purpose", "").strip()
                actions.say_consent(person_id, purpose, given=request.POST.get("given") == "yes", actor=actor)
            case "hold":
                until = story.written(request.POST.get("until", ""), actor.zone)
                contact.hold(person_id, request.POST.get("reason", ""), until, actor=actor)
            case "release":
                contact.release(number(request.POST.get("hold")), actor=actor, person_id=person_id)
            case "leave":
                actions.leave_company(person_id, number(request.POST.get("company")), actor=actor)
            case "block":
                actions.block(person_id, actor=actor)
            case "unblock":
                actions.unblock(person_id, actor=actor)
            case "split":
                actions.split(number(request.POST.get("merge")), actor=actor, person_id=person_id)
            case _:
                raise Refused(_("There is nothing of that name to change."))
    except Refused as refusal:
        if refusal.status not in (409, 422):
            raise
        return _page(request, person_id, {what: str(refusal)}, refusal.status)
    return redirect(f"/customers/{person_id}")
