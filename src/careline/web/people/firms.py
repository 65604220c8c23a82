"""Companies: all of them, and one with its people, what is known of it and what they lived through together."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline.customers import actions, queries
from careline.kit.refusals import Refused
from careline.touchpoints import queries as touchpoints
from careline.web import line
from careline.web.doors import AgentRequest, given, signed_in
from careline.web.people import origins
from careline.web.people.drawn import number, shown, value_words

PAGE = 50
MOMENTS = 30
# Whose moments are laid together: a company of a thousand is told by those who came last.
TOGETHER = 100


def _before(request: AgentRequest) -> int | None:
    before = request.GET.get("before", "")
    return int(before) if before.isdecimal() and len(before) < 19 else None


@require_safe
@signed_in
def firms(request: AgentRequest) -> HttpResponse:
    q = request.GET.get("q", "")[:300]
    rows = queries.companies(request.actor, q, before=_before(request), limit=PAGE)
    older = f"/customers/companies?{urlencode({'q': q, 'before': rows[-1].pk})}" if len(rows) == PAGE else ""
    return render(request, "people/firms.html", {"rows": rows, "q": q, "older": older})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def create(request: AgentRequest) -> HttpResponse:
    request.actor.must("customers.edit")
    context: dict[str, object] = {"given": given(request), "errors": {}}
    if request.method != "POST":
        return render(request, "people/firm_new.html", context)
    try:
        found = actions.make_company(
            request.POST.get("name", ""), external=request.POST.get("external", ""), actor=request.actor
        )
    except Refused as refusal:
        field = {"external_id": "external"}.get(refusal.field or "", refusal.field or "name")
        context["errors"] = {field: str(refusal)}
        return render(request, "people/firm_new.html", context, status=refusal.status)
    return redirect(f"/customers/companies/{found.company.pk}")


@require_safe
@signed_in
def firm(request: AgentRequest, company_id: int) -> HttpResponse:
    return _page(request, company_id)


def _page(
    request: AgentRequest, company_id: int, errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    actor = request.actor
    found = queries.company(actor, company_id)
    tree, whole = queries.tree(actor, found.pk), "below" in request.GET
    people = queries.company_people(actor, company_id, before=_before(request), limit=PAGE, below=whole)
    here = f"/customers/companies/{company_id}?{'below=1&' if whole else ''}"
    older = f"{here}before={people[-1].pk}" if len(people) == PAGE else ""
    traits = list(queries.company_traits(actor, company_id))
    sources = origins.words(actor, {one.source for one in traits})
    ids = queries.company_ids(actor, company_id, limit=TOGETHER, below=whole)
    touched = touchpoints.line(actor, ids, limit=MOMENTS) if ids else []
    q = request.GET.get("who", "")[:300]
    context = {
        "firm": found,
        "people": [(shown(one), one) for one in queries.whole(people)],
        "older": older,
        "traits": [(one.name, value_words(one.value), sources[one.source], one.at) for one in traits],
        "moments": line.draw(touched, newest_first=True),
        "tree": tree,
        "whole": whole,
        "partly": (tree.people if whole else found.people) > TOGETHER,
        "together": TOGETHER,
        "errors": errors or {},
        "may_edit": actor.may("customers.edit"),
        "who": q,
        "found": [shown(one) for one in queries.whole(queries.search(actor, q, limit=10))] if q else [],
    }
    return render(request, "people/firm.html", context, status=status)


@require_POST
@signed_in
def change(request: AgentRequest, company_id: int) -> HttpResponse:
    """One form of the page at a time: `what` names it."""
    what, actor = request.POST.get("what", ""), request.actor
    try:
        match what:
            case "name":
                actions.describe_company(company_id, {"name": request.POST.get("name", "")}, actor=actor)
            case "trait":
                name, value = (request.POST.get(word, "").strip() for word in ("trait", "value"))
                actions.describe_company(company_id, {name: value or None}, actor=actor)
            case "place":
                actions.place_company_named(company_id, request.POST.get("parent", ""), actor=actor)
            case "join":
                actions.join_company(number(request.POST.get("person")), company_id, actor=actor)
            case "leave":
                actions.leave_company(number(request.POST.get("person")), company_id, actor=actor)
            case "remove":
                actions.remove_company(company_id, actor=actor)
                return redirect("/customers/companies")
            case _:
                raise Refused(_("There is nothing of that name to change."))
    except Refused as refusal:
        if refusal.status not in (409, 422):
            raise
        return _page(request, company_id, {what: str(refusal)}, refusal.status)
    return redirect(f"/customers/companies/{company_id}")
