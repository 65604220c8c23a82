"""The pages of rules: all of them in their order, and one with where it ran and what it was before."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careline.accounts import queries as accounts
from careline.accounts.actor import SYSTEM
from careline.hooks import actions as hooks
from careline.hooks import queries as programs
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.service.conversations import conditions as asking
from careline.service.rules import actions, queries, ready, shapes, trying
from careline.web import conditions
from careline.web.doors import AgentRequest, signed_in
from careline.web.ruling import form, words
from careline.web.settings.pages import attempt, number, show

HERE = "/settings/automation"
LATELY = timedelta(days=7)
SHOWN = 20
BOTH = require_http_methods(["GET", "HEAD", "POST"])


@BOTH
@signed_in
def rules(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("rules.manage")
    told: dict[str, str] = {}

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        rows = list(queries.rules(actor, since=clock.now() - LATELY))
        names = words.Names()
        context = {
            "rows": [
                {"one": one, "when": words.when(one.says.when), "if": conditions.told(one.says.conditions),
                 "always": not any(one.says.conditions.values()), "then": names.then(one.says)}
                for one in rows
            ],
            "ready": [(name, one) for name, one in ready.RULES.items() if name not in {row.ready for row in rows}],
            "programs": programs.endpoints(actor), "errors": errors, "secret": told.get("secret", ""),
        }  # fmt: skip
        return show(request, "automation", "automation.html", context, status)

    def up() -> None:
        ids = [one.pk for one in queries.rules(actor)]
        place = ids.index(number(post.get("rule"))) if number(post.get("rule")) in ids else 0
        if place:
            ids[place - 1], ids[place] = ids[place], ids[place - 1]
        actions.order(ids, actor=actor)

    def program() -> HttpResponse:
        _made, secret = hooks.open_endpoint(post.get("name", ""), post.get("url", ""), actor=actor)
        told["secret"] = secret
        return draw({})

    acts = {
        "on": lambda: actions.switch(number(post.get("rule")), on=True, actor=actor),
        "off": lambda: actions.switch(number(post.get("rule")), on=False, actor=actor),
        "up": up,
        "ready": lambda: redirect(f"{HERE}/rule?rule={actions.keep_ready(post.get('name', ''), actor=actor).pk}"),
        "program": program,
        "close": lambda: hooks.close_endpoint(number(post.get("program")), actor=actor),
    }
    return attempt(request, acts, draw, back=HERE) if post else draw({})


@BOTH
@signed_in
def rule(request: AgentRequest) -> HttpResponse:
    """One rule, by `rule` in the address; without one a new rule."""
    actor, post = request.actor, request.POST
    actor.must("rules.manage")
    given = request.GET.get("rule", "")
    known = queries.rule(actor, number(given)) if given else None
    tried: list[trying.Trial] = []

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        raw = _written(request) if post else _kept(known)
        context = {
            "known": known, "name": raw["name"], "asked_on": form.asked_on(raw["when"]), "whens": form.whens(),
            "errors": errors, "trial": tried[0] if tried else None, "shown": SHOWN,
            **conditions.editor(request, raw["conditions"]), **form.drawn(raw["then"], actor),
            **({} if known is None else _past(request, known)),
        }  # fmt: skip
        return show(request, "automation", "automation_rule.html", context, status)

    def keep() -> HttpResponse:
        raw = _written(request)
        kept = actions.keep(
            raw["name"], raw["when"], raw["conditions"], raw["then"], actor=actor, rule_id=known.pk if known else None
        )
        return redirect(f"{HERE}/rule?rule={kept.pk}&done=keep")

    def attempted() -> HttpResponse:
        raw = _written(request)
        name = raw["name"].strip() or _("A new rule")
        tried.append(trying.tried(actor, name, raw["when"], raw["conditions"], raw["then"]))
        return draw({})

    def drop() -> HttpResponse:
        actions.drop(number(given), actor=actor)
        return redirect(f"{HERE}?done=drop")

    if not post or post.get("do"):
        return draw({})
    return attempt(request, {"keep": keep, "try": attempted, "drop": drop}, draw, back=HERE)


@require_POST
@signed_in
def draft(request: AgentRequest) -> HttpResponse:
    """The steps as they now stand in the form, drawn again."""
    request.actor.must("rules.manage")
    return render(request, "settings/_automation_steps.html", form.drawn(_written(request)["then"], request.actor))


def _written(request: AgentRequest) -> dict[str, Any]:
    """The form in raw forms, with what a button changed."""
    fields, do = request.POST.dict(), request.POST.get("do", "")
    tree = conditions.read(fields)
    if do and not do.startswith("step-"):
        # What is no longer there is drawn as it stands, and the button with it.
        with suppress(Refused):
            tree = conditions.changed(tree, do)
    then = form.changed(form.steps(fields), do)
    return {"name": fields.get("name", ""), "when": form.when(fields), "conditions": tree, "then": then}


def _kept(known: Any) -> dict[str, Any]:
    if known is None:
        return {
            "name": "", "when": {"kind": "conversation.opened"}, "conditions": {"all": []},
            "then": [{"do": "tag", "tags": []}],
        }  # fmt: skip
    raw = shapes.stored(known.says)
    return raw | {"conditions": asking.written(asking.read(raw["conditions"]))}


def _past(request: AgentRequest, known: Any) -> dict[str, Any]:
    """Where it ran last, and what it was before."""
    names = {one.pk: one.name for one in accounts.agents(SYSTEM)}
    return {
        "ran": [
            (one, [words.done(step) for step in one.done])
            for one in queries.firings(request.actor, known.pk, limit=SHOWN)
        ],
        "versions": [
            (one, names.get(one.agent_id or 0, ""), words.Names().then(shapes.content(one.content)))
            for one in queries.versions(request.actor, known.pk)[:SHOWN]
        ],
    }
