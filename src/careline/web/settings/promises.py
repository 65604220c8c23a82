"""What is promised to whom, by which clock, and what follows when it is nearly due or late."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit.refusals import Refused
from careline.service.sla import actions, queries, terms
from careline.service.sla.terms import Step, Terms
from careline.web import conditions, promising
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, number, show

UNITS = {"minutes": 1, "hours": 60, "days": 1440}
BACK = "/settings/promises"
# Empty lines for steps that are still to be written.
MORE = 2
FRESH = Terms(first=60, warn_percent=75, steps=(Step("tell_leads"),))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def policies(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("promises.manage")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        kept = queries.lately(actor)
        rows = [_told(one, kept.get(one.pk, queries.Kept()), actor) for one in queries.policies(actor)]
        return show(request, "promises", "promises.html", {"rows": rows, "errors": errors}, status)

    def order() -> None:
        """One goes a place up."""
        ids, up = [one.pk for one in queries.policies(actor)], number(post.get("policy"))
        place = ids.index(up) if up in ids else 0
        ids[max(0, place - 1) : place + 1] = reversed(ids[max(0, place - 1) : place + 1])
        actions.order_policies(ids, actor=actor)

    return attempt(request, {"order": order}, draw, back=BACK) if post else draw({})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def policy(request: AgentRequest) -> HttpResponse:
    """One policy, by `policy` in the address; without one a new one."""
    actor, post = request.actor, request.POST
    actor.must("promises.manage")
    given = request.GET.get("policy", "")
    known = queries.policy(actor, number(given)) if given else None

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        is_back = request.method == "POST"
        wrong = errors.get("keep.conditions", "")
        tree = conditions.read(post.dict()) if is_back else known.conditions if known else {"all": []}
        if is_back and post.get("do"):
            tree = conditions.changed(tree, post.get("do", ""))
        context = {
            "known": known, "one": _written(post) if is_back else _kept(known), "errors": errors, **_choices(actor),
            "editions": queries.editions(actor, known.pk) if known else [],
            **conditions.editor(request, tree or {"all": []}, error=wrong),
        }  # fmt: skip
        return show(request, "promises", "promise.html", context, status)

    if request.method != "POST" or post.get("do"):
        return draw({})

    def keep() -> HttpResponse:
        actions.keep_policy(_read(post), actor=actor, policy_id=known.pk if known else None)
        return redirect(f"{BACK}?done=keep")

    def drop() -> HttpResponse:
        actions.drop_policy(number(given), actor=actor)
        return redirect(f"{BACK}?done=drop")

    return attempt(request, {"keep": keep, "drop": drop}, draw, back=BACK)


def _choices(actor: Actor) -> dict[str, Any]:
    return {
        "whats": [(what, promising.what(what)) for what in terms.WHATS],
        "units": [("minutes", _("minutes")), ("hours", _("hours")), ("days", _("days"))],
        "pauses": [
            ("snoozed", _("it is snoozed")), ("customer", _("the customer has the word")),
            ("third_party", _("somebody else has the word")),
        ],
        "warnings": [("", _("no warning")), ("percent", _("percent of the time")), ("minutes", _("minutes before"))],
        "acts": [
            ("", _("nothing")), ("tell_holder", _("tell whoever has it")), ("tell_leads", _("tell whoever leads")),
            ("tell_team", _("tell its team")),
            *((f"priority:{level}", word) for level, word in (
                (3, _("raise the priority to high")), (4, _("raise the priority to urgent")),
            )),
            *((f"team:{one.pk}", _("give it to %(team)s") % {"team": one.name}) for one in accounts.teams(actor)),
        ],
        "sides": [("after", _("after it is due")), ("before", _("before it is due"))],
    }  # fmt: skip


def _told(one: Any, kept: queries.Kept, actor: Actor) -> dict[str, Any]:
    """A policy in a few words."""
    said = terms.of(one.terms)
    teams = {team.pk: team.name for team in accounts.teams(actor)}
    return {
        "one": one, "when": conditions.told(one.conditions) if one.conditions.get("all") or one.conditions.get("any")
        else _("every conversation"), "kept": kept,
        "times": [
            (promising.what(what), promising.span(minutes, in_days=said.clock == "wall"))
            for what in terms.WHATS
            if (minutes := getattr(said, what))
        ],
        "clock": _("open hours") if said.clock == "open" else _("by the clock"),
        "steps": [
            (promising.act(step.act, step.value, teams.get(step.value or 0, "")), _when(step.minutes))
            for step in said.steps
        ],
    }  # fmt: skip


def _when(minutes: int) -> str:
    if not minutes:
        return _("when it is due")
    said = _("%(span)s before") if minutes < 0 else _("%(span)s after")
    return said % {"span": promising.span(abs(minutes))}


def _kept(one: Any) -> dict[str, Any]:
    said = terms.of(one.terms) if one else FRESH
    found: dict[str, Any] = {"name": one.name if one else "", "is_on": one.is_on if one else True, "clock": said.clock}
    for what in terms.WHATS:
        minutes = getattr(said, what)
        unit = next((unit for unit in ("days", "hours") if minutes and minutes % UNITS[unit] == 0), "minutes")
        found[what] = (str(minutes // UNITS[unit]) if minutes else "", unit if minutes else "hours")
    warn = "percent" if said.warn_percent else "minutes" if said.warn_minutes else ""
    found |= {"pauses": list(said.pauses), "warn": warn, "warn_at": str(said.warn_percent or said.warn_minutes or "")}
    steps = [
        (
            f"{step.act}:{step.value}" if step.value else step.act,
            str(abs(step.minutes)),
            "before" if step.minutes < 0 else "after",
        )
        for step in said.steps
    ]
    return found | {"steps": [*steps, *[("", "", "after")] * min(MORE, terms.MOST_STEPS - len(steps))]}


def _written(post: QueryDict) -> dict[str, Any]:
    steps = zip(post.getlist("act"), post.getlist("minutes"), post.getlist("side"), strict=False)
    return {
        "name": post.get("name", ""), "is_on": "is_on" in post, "clock": post.get("clock", "open"),
        "pauses": post.getlist("pauses"), "warn": post.get("warn", ""), "warn_at": post.get("warn_at", ""),
        "steps": list(steps),
        **{what: (post.get(what, ""), post.get(f"{what}.unit", "hours")) for what in terms.WHATS},
    }  # fmt: skip


def _read(post: Any) -> actions.Ruling:
    times = {
        what: _whole(post.get(what, ""), what) * UNITS.get(post.get(f"{what}.unit", ""), 1)
        for what in terms.WHATS
        if post.get(what, "").strip()
    }
    warn = {
        f"warn_{kind}": _whole(post.get("warn_at", ""), f"warn_{kind}")
        for kind in ("percent", "minutes")
        if post.get("warn") == kind
    }
    steps = []
    for act, minutes, side in zip(post.getlist("act"), post.getlist("minutes"), post.getlist("side"), strict=False):
        verb, _colon, value = act.partition(":")
        if verb and verb not in terms.ACTS:
            raise Refused(_("Choose one from the list."), field="steps")
        if verb:
            count = _whole(minutes or "0", "steps")
            steps.append(Step(verb, -count if side == "before" else count, number(value) if value else None))
    pauses = tuple(one for one in terms.PAUSES if one in post.getlist("pauses"))
    said = Terms(
        clock="wall" if post.get("clock") == "wall" else "open", pauses=pauses, steps=tuple(steps), **times, **warn
    )
    return actions.Ruling(
        name=post.get("name", ""), terms=said, conditions=conditions.read(post.dict()), is_on="is_on" in post
    )


def _whole(written: str, field: str) -> int:
    plain = written.strip()
    if not plain.isdecimal() or not plain.isascii() or len(plain) > 7:
        raise Refused(_("Write a whole number."), field=field)
    return int(plain)
