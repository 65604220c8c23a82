"""What begins a recovery, who has it, how long it may take and what is done; how much goodwill a role may give."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit.money import Money
from careline.kit.refusals import Refused
from careline.service.recovery import actions, matching, plays, queries
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, number, show

# Empty lines for steps that are still to be written.
MORE = 2


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rules(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("organization.manage")
    currency = accounts.organization().currency

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        may = {"most": queries.authorities(actor), "refund": queries.authorities(actor, refund=True)}
        context = {
            "rows": [_told(one) for one in queries.rules(actor)], "errors": errors, "currency": currency,
            "roles": [
                (role, *(
                    post.get(f"{what}.{role.pk}", "") if errors else _plain(may[what].get(role.pk, 0), currency)
                    for what in ("most", "refund")
                ))
                for role in accounts.roles(actor)
            ],
        }  # fmt: skip
        return show(request, "recovery", "recovery.html", context, status)

    def allow() -> None:
        for role in accounts.roles(actor):
            for what in ("most", "refund"):
                field = f"{what}.{role.pk}"
                if field in post:
                    minor = _sum(post.get(field, ""), currency, field)
                    actions.allow(role.pk, minor, actor=actor, refund=what == "refund")

    return attempt(request, {"allow": allow}, draw, back="/settings/recovery") if post else draw({})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rule(request: AgentRequest) -> HttpResponse:
    """One rule, by `rule` in the address; without one a new rule."""
    actor, post = request.actor, request.POST
    actor.must("organization.manage")
    given = request.GET.get("rule", "")
    known = queries.rule(actor, number(given)) if given else None

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        context = {
            "known": known, "one": _written(post) if errors else _kept(known), "errors": errors, **_choices(actor),
        }  # fmt: skip
        return show(request, "recovery", "recovery_rule.html", context, status)

    if request.method != "POST":
        return draw({})

    def keep() -> HttpResponse:
        actions.keep_rule(_read(post), actor=actor, rule_id=known.pk if known else None)
        return redirect("/settings/recovery?done=keep")

    def drop() -> HttpResponse:
        actions.drop_rule(number(given), actor=actor)
        return redirect("/settings/recovery?done=drop")

    return attempt(request, {"keep": keep, "drop": drop}, draw, back="/settings/recovery")


def _choices(actor: Actor) -> dict[str, Any]:
    return {
        "causes": list(_causes().items()), "owners": list(_owners().items()),
        "metrics": [
            (name, f"{name.upper()} \u2066{low:g}–{top:g}\u2069") for name, (low, top) in matching.SCALES.items()
        ],
        "teams": [("", _("no team")), *((str(one.pk), one.name) for one in accounts.teams(actor))],
        "leads": [
            ("", _("all who lead teams and see the inbox")),
            *((str(one.pk), one.name) for one in accounts.agents(actor).filter(is_active=True)),
        ],
        "steps": [
            ("", _("no step")), *((kind, _(words)) for kind, words in plays.WORDS.items()),
            ("other", _("Something else")),
        ],
    }  # fmt: skip


def _causes() -> dict[str, str]:
    return {
        "answer": _("a bad answer"), "promise": _("a broken promise"),
        "reopened": _("a conversation the customer opens again"),
    }  # fmt: skip


def _owners() -> dict[str, str]:
    return {"agent": _("who had the conversation last"), "team": _("the team"), "inbox": _("the inbox, for anybody")}


def _told(one: Any) -> dict[str, Any]:
    """A rule in a few words."""
    if one.cause == "answer":
        cause = _("%(metric)s at most %(score)s of %(top)s") % {
            "metric": one.metric.upper(), "score": f"{one.at_most:g}", "top": f"{one.top:g}",
        }  # fmt: skip
    elif one.cause == "promise":
        cause = _("the promise “%(name)s” broken") % {"name": one.promise} if one.promise else _("any promise broken")
    else:
        cause = ngettext("opened again once", "opened again %(count)s times", one.times) % {"count": one.times}
    owner = one.team.name if one.owner == "team" and one.team else _owners()[one.owner]
    return {
        "one": one, "cause": cause, "owner": owner, "lead": one.lead.name if one.lead else "",
        "hours": _("%(hours)s open hours") % {"hours": f"{one.minutes / 60:g}"},
        "steps": [plays.told(step.kind, step.words) for step in plays.of(one.play)],
    }  # fmt: skip


def _kept(one: Any) -> dict[str, Any]:
    if one is None:
        return {
            "cause": "answer", "is_on": True, "metric": "csat", "at_most": "2", "promise": "", "times": "1",
            "owner": "agent", "team": "", "lead": "", "hours": "8",
            "play": _more([plays.Step(kind) for kind in plays.USUAL]),
        }  # fmt: skip
    return {
        "cause": one.cause, "is_on": one.is_on, "metric": one.metric or "csat", "promise": one.promise,
        "at_most": "" if one.at_most is None else f"{one.at_most:g}", "times": str(one.times), "owner": one.owner,
        "team": str(one.team_id or ""), "lead": str(one.lead_id or ""), "hours": f"{one.minutes / 60:g}",
        "play": _more(plays.of(one.play)),
    }  # fmt: skip


def _more(steps: list[plays.Step]) -> list[tuple[str, str]]:
    return [*((one.kind, one.words) for one in steps), *[("", "")] * min(MORE, plays.MOST - len(steps))]


def _written(post: QueryDict) -> dict[str, Any]:
    names = ("cause", "metric", "at_most", "promise", "times", "owner", "team", "lead", "hours")
    return {name: post.get(name, "") for name in names} | {
        "is_on": "is_on" in post, "play": list(zip(post.getlist("step"), post.getlist("words"), strict=False)),
    }  # fmt: skip


def _read(post: QueryDict) -> actions.Ruling:
    steps = [
        {"kind": kind, "words": words.strip()}
        for kind, words in zip(post.getlist("step"), post.getlist("words"), strict=False)
        if kind
    ]
    try:
        play = plays.of(steps)
    except msgspec.ValidationError:
        raise Refused(_("Choose one from the list."), field="play") from None
    hours = _figure(post.get("hours", ""), "hours")
    return actions.Ruling(
        cause=post.get("cause", ""), is_on="is_on" in post, metric=post.get("metric", ""),
        at_most=_figure(post.get("at_most", ""), "at_most") if post.get("at_most", "").strip() else None,
        promise=post.get("promise", "").strip(), times=round(_figure(post.get("times", "") or "1", "times")),
        owner=post.get("owner", ""), team_id=number(post.get("team")) if post.get("team") else None,
        lead_id=number(post.get("lead")) if post.get("lead") else None, minutes=round(hours * 60), play=play,
    )  # fmt: skip


def _figure(written: str, field: str) -> float:
    plain = written.strip().replace(",", ".")
    if not plain.replace(".", "", 1).isdecimal() or not plain.isascii() or len(plain) > 8:
        raise Refused(_("Write a number."), field=field)
    return float(plain)


def _plain(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).amount:f}" if minor else ""


def _sum(written: str, currency: str, field: str) -> int:
    try:
        return Money.written(written or "0", currency).minor
    except ValueError:
        raise Refused(_("Write a sum like 12.50."), field=field) from None
