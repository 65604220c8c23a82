"""What is worked out of customers: all of it, and one being written with what it would be of how many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline.customers import actions, formulas, queries
from careline.insights.computed import verbs
from careline.kit.refusals import Refused
from careline.web import kind_words
from careline.web.doors import AgentRequest, signed_in
from careline.web.people import figures

BOTH = require_http_methods(["GET", "HEAD", "POST"])
FRESH = {"how": "count", "kind": "order.placed"}
MOST = 20


@require_safe
@signed_in
def traits(request: AgentRequest) -> HttpResponse:
    rows = [(one, figures.formula_words(one.formula)) for one in queries.computed_traits(request.actor)]
    return render(request, "people/computed.html", {"rows": rows, "may_define": request.actor.may("reports.view")})


@BOTH
@signed_in
def create(request: AgentRequest) -> HttpResponse:
    actions.must_define(request.actor)
    return _edit(request, None)


@BOTH
@signed_in
def trait(request: AgentRequest, trait_id: int) -> HttpResponse:
    found = queries.computed_trait(request.actor, trait_id)
    if request.method == "POST":
        actions.must_define(request.actor)
    return _edit(request, found)


@require_POST
@signed_in
def draft(request: AgentRequest) -> HttpResponse:
    """The formula as it now stands in the form, drawn again with what it would be."""
    actions.must_define(request.actor)
    return render(request, "people/_formula.html", _drawn(request, _written(request.POST.dict()), ""))


@require_POST
@signed_in
def removal(request: AgentRequest, trait_id: int) -> HttpResponse:
    found = queries.computed_trait(request.actor, trait_id)
    try:
        actions.remove_computed(found.name, actor=request.actor)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        return _shown(request, found, _named(found), found.formula, {"any": str(refusal)}, 409)
    return redirect("/customers/traits")


def _edit(request: AgentRequest, found: queries.Defined | None) -> HttpResponse:
    named = _named(found)
    if request.method != "POST":
        return _shown(request, found, named, found.formula if found else FRESH)
    formula = _written(request.POST.dict())
    named["label"] = request.POST.get("label", "")
    if found is None:
        named["name"] = request.POST.get("name", "").strip()
    if request.POST.get("do"):
        return _shown(request, found, named, formula)
    try:
        verbs.save(named["name"], named["label"], formula, actor=request.actor)
    except Refused as refusal:
        if refusal.status not in (409, 422):
            raise
        return _shown(request, found, named, formula, {refusal.field or "any": str(refusal)}, refusal.status)
    return redirect("/customers/traits")


def _named(found: queries.Defined | None) -> dict[str, str]:
    return {"name": found.name, "label": found.label} if found else {"name": "", "label": ""}


def _shown(
    request: AgentRequest, found: queries.Defined | None, named: dict[str, str], formula: Any,
    errors: Mapping[str, str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    said = dict(errors or {})
    elsewhere = next((words for field, words in said.items() if field not in ("name", "label")), "")
    context = _drawn(request, formula, elsewhere) | {
        "trait": found, "named": named, "errors": said, "may_define": request.actor.may("reports.view"),
    }  # fmt: skip
    return render(request, "people/computed_one.html", context, status=status)


def _written(form: Mapping[str, str]) -> dict[str, Any]:
    """What the fields say; what cannot be read stays as it was written, and is refused by who reads it."""
    count = form.get("where.count", "")
    places = [f"where.{n}" for n in range(min(int(count), MOST) if count.isdecimal() and len(count) < 4 else 0)]
    where = [_asked(form, place) for place in places if f"{place}.fact" in form]
    verb, _colon, place = form.get("do", "").partition(":")
    if verb == "add":
        where.append({"fact": "", "test": "is", "value": ""})
    elif verb == "drop" and place.isdecimal() and len(place) < 4 and int(place) < len(where):
        where.pop(int(place))
    days = form.get("days", "").strip()
    return {
        "how": form.get("how", ""), "kind": form.get("kind", ""), "fact": form.get("fact", "").strip(),
        "currency": form.get("currency", "").strip().upper(), "where": where,
        "days": (int(days) if days.isdecimal() and len(days) < 10 else -1) if days else None,
    }  # fmt: skip


def _asked(form: Mapping[str, str], place: str) -> dict[str, Any]:
    test, value = form.get(f"{place}.test", "is"), form.get(f"{place}.value", "").strip()
    return {
        "fact": form.get(f"{place}.fact", "").strip(), "test": test,
        "value": None if test in ("set", "not_set") else _typed(test, value),
    }  # fmt: skip


def _typed(test: str, value: str) -> Any:
    """A figure is compared as a figure: no fact is the word “12”, but many are the number."""
    if test == "contains":
        return value
    if test in ("is", "is_not") and value in ("true", "false"):
        return value == "true"
    try:
        number = float(value.replace(",", "."))
        return int(number) if number.is_integer() else number
    except (ValueError, OverflowError):
        return value


def _drawn(request: AgentRequest, formula: Any, error: str) -> dict[str, Any]:
    """The fields as they stand, the choices that fit them, and what it would be of whom."""
    how, kind = str(formula.get("how", "")), str(formula.get("kind", ""))
    preview, told = None, {}
    try:
        read = formulas.read(formula)
        preview = verbs.preview(request.actor, formula)
        raw = formulas.written(read)
        told = {name: figures.value_words(raw, getattr(preview, name)) for name in ("median", "least", "most")}
    except Refused as refusal:
        error = error or str(refusal)
    fact = str(formula.get("fact") or "")
    return {
        "formula": {"how": how, "kind": kind, "fact": fact, "days": formula.get("days") or "",
                    "currency": formula.get("currency") or "", "where": formula.get("where") or []},
        "hows": figures.hows(), "kinds": kind_words.of_customers(), "tests": figures.tests(),
        "facts": formulas.facts_of(kind), "preview": preview, "told": told, "error": error,
        "needs_fact": how in (*formulas.NUMBERS, "most_frequent"),
        "money": how in formulas.NUMBERS and formulas.is_money(kind, fact),
    }  # fmt: skip
