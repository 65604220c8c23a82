"""Where conversations wait and what is asked for there; who can do what; why somebody is not ready."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit.refusals import Refused
from careline.service.conversations import conditions
from careline.service.routing import actions, explaining, queries
from careline.service.routing.relaxing import EASES, MOST_STEPS, Step
from careline.web import conditions as writing
from careline.web.doors import AgentRequest, signed_in
from careline.web.sayings import channel_word, status_words
from careline.web.settings.pages import attempt, number, show

# Empty lines for steps that are still to be written.
MORE = 2
BOTH = require_http_methods(["GET", "HEAD", "POST"])


@BOTH
@signed_in
def queues(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("queues.manage")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        held = queries.policy(actor)
        weighed = queries.weights_of(held)
        context = {
            "rows": [_told(one) for one in queries.queues(actor)], "errors": errors,
            "capacity": post.get("capacity", "") if errors else held.capacity,
            "silence": post.get("silence_minutes", "") if errors else held.silence_minutes,
            "weights": [(name, channel_word(name), weighed[name]) for name in weighed],
        }  # fmt: skip
        return show(request, "queues", "queues.html", context, status)

    def keep() -> None:
        given = {name.removeprefix("weight."): number(post[name]) for name in post if name.startswith("weight.")}
        actions.keep_policy(
            actor=actor, capacity=number(post.get("capacity")), silence_minutes=number(post.get("silence_minutes")),
            weigh=given,
        )  # fmt: skip

    def first() -> None:
        actions.order_queues([number(post.get("queue"))], actor=actor)

    acts = {"weigh": keep, "first": first}
    return attempt(request, acts, draw, back="/settings/queues") if post else draw({})


@BOTH
@signed_in
def queue(request: AgentRequest) -> HttpResponse:
    """One queue, by `queue` in the address; without one a new queue."""
    actor, post = request.actor, request.POST
    actor.must("queues.manage")
    given = request.GET.get("queue", "")
    known = queries.queue(actor, number(given)) if given else None

    def draw(errors: dict[str, str], status: int = 200, tree: writing.Node | None = None) -> HttpResponse:
        again = bool(errors) or tree is not None
        if tree is None:
            tree = writing.read(post) if again else dict(known.conditions) if known else {"all": []}
        context = {
            "known": known, "one": _written(post) if again else _kept(known), "errors": errors,
            **_choices(actor, known), **writing.editor(request, tree, error=errors.get("keep.conditions", "")),
        }  # fmt: skip
        return show(request, "queues", "queue.html", context, status)

    if request.method != "POST":
        return draw({})
    if "do" in post:
        return draw({}, tree=writing.changed(writing.read(post), post["do"]))

    def keep() -> HttpResponse:
        actions.keep_queue(_read(post), actor=actor, queue_id=known.pk if known else None)
        return redirect("/settings/queues?done=keep")

    def drop() -> HttpResponse:
        actions.drop_queue(number(given), actor=actor)
        return redirect("/settings/queues?done=drop")

    return attempt(request, {"keep": keep, "drop": drop}, draw, back="/settings/queues")


@BOTH
@signed_in
def skills(request: AgentRequest) -> HttpResponse:
    """The skills there are, and the level and the capacity of each agent."""
    actor, post = request.actor, request.POST
    actor.must("queues.manage")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        levels, carried = queries.levels(actor), queries.capacities(actor)
        context = {
            "skills": list(queries.skills(actor)), "errors": errors, "house": queries.policy(actor).capacity,
            "agents": [
                (one, levels.get(one.pk, {}), carried.get(one.pk) or "")
                for one in accounts.agents(actor).filter(is_active=True)
            ],
        }  # fmt: skip
        return show(request, "skills", "skills.html", context, status)

    def keep() -> None:
        given = number(post.get("skill")) if post.get("skill") else None
        actions.keep_skill(post.get("name", ""), actor=actor, language=post.get("language", ""), skill_id=given)

    def know() -> None:
        agent = number(post.get("agent"))
        levels = {
            int(name[6:]): number(post[name])
            for name in post
            if name.startswith("level.") and name[6:].isdecimal() and post[name] not in ("", "0")
        }
        actions.keep_skills_of(agent, levels, actor=actor)
        carried = post.get("capacity", "")
        actions.keep_capacity(agent, number(carried) if carried else None, actor=actor)

    acts = {"keep": keep, "know": know, "drop": lambda: actions.drop_skill(number(post.get("skill")), actor=actor)}
    return attempt(request, acts, draw, back="/settings/skills") if post else draw({})


@BOTH
@signed_in
def statuses(request: AgentRequest) -> HttpResponse:
    """Why somebody is not ready, in the house's words; and who is there now."""
    actor, post = request.actor, request.POST
    actor.must("queues.manage")
    words = status_words()

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        context = {
            "reasons": [(one, words[one.status]) for one in queries.reasons(actor)], "errors": errors,
            "statuses": [(key, word) for key, word in words.items() if key != "ready"], "every": list(words.items()),
            "people": [(one, words[one.status]) for one in queries.everybody(actor)],
        }  # fmt: skip
        return show(request, "statuses", "statuses.html", context, status)

    acts = {
        "keep": lambda: actions.keep_reason(post.get("name", ""), post.get("status", ""), actor=actor),
        "drop": lambda: actions.drop_reason(number(post.get("reason")), actor=actor),
        "set": lambda: actions.set_status(number(post.get("agent")), post.get("status", ""), actor=actor),
    }
    return attempt(request, acts, draw, back="/settings/statuses") if post else draw({})


def _spreads() -> dict[str, str]:
    return {
        "least_loaded": _("whoever has least to do"), "in_turn": _("each in turn"),
        "best_skilled": _("whoever knows most of it"),
    }  # fmt: skip


def _eases() -> dict[str, str]:
    return {
        "level": _("a level less of each skill is enough"), "skills": _("no skill is asked for"),
        "language": _("another language will do"), "team": _("anybody of the inbox, not only the team"),
        "queue": _("over to another queue"),
    }  # fmt: skip


def _told(one: Any) -> dict[str, Any]:
    """A queue in a few words."""
    asked = [
        _("level %(level)s of %(skill)s") % {"level": need.level, "skill": need.skill.name} for need in one.needs.all()
    ]
    if one.by_language:
        asked.append(_("the customer's language"))
    held, count = conditions.read(one.conditions), len(one.steps)
    return {
        "one": one, "who": one.team.name if one.team else _("everybody of the inbox"), "asked": asked,
        "if": conditions.in_words(held) if held.parts else _("everything else"),
        "eased": ngettext("%(count)s step", "%(count)s steps", count) % {"count": count} if count else "",
        "start": explaining.span(one.head_start_minutes * 60) if one.head_start_minutes else "",
    }  # fmt: skip


def _choices(actor: Actor, known: Any) -> dict[str, Any]:
    others = [(str(one.pk), one.name) for one in queries.queues(actor) if known is None or one.pk != known.pk]
    return {
        "teams": [("", _("everybody of the inbox")), *((str(one.pk), one.name) for one in accounts.teams(actor))],
        "spreads": list(_spreads().items()), "skills": list(queries.skills(actor)), "others": [("", "–"), *others],
        "eases": [("", _("no step")), *((key, _eases()[key]) for key in EASES)],
    }  # fmt: skip


def _kept(one: Any) -> dict[str, Any]:
    if one is None:
        return {
            "name": "", "is_on": True, "head_start": "0", "team": "", "levels": {}, "by_language": False,
            "spread": "least_loaded", "asks": True, "answer": "30", "last": "0", "leave": "10", "steps": _more([]),
            "target": "120", "percent": "80",
        }  # fmt: skip
    return {
        "name": one.name, "is_on": one.is_on, "head_start": str(one.head_start_minutes), "team": str(one.team_id or ""),
        "levels": {need.skill_id: str(need.level) for need in one.needs.all()}, "by_language": one.by_language,
        "spread": one.spread, "asks": one.asks, "answer": str(one.answer_s),
        "last": "" if one.last_s is None else str(one.last_s),
        "leave": "" if one.leave_minutes is None else str(one.leave_minutes),
        "target": str(one.target_s), "percent": str(one.target_percent),
        "steps": _more([(str(step["after_s"]), step["ease"], str(step.get("queue") or "")) for step in one.steps]),
    }  # fmt: skip


def _more(steps: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [*steps, *[("", "", "")] * min(MORE, MOST_STEPS - len(steps))]


def _written(post: QueryDict) -> dict[str, Any]:
    names = ("name", "head_start", "team", "spread", "answer", "last", "leave", "target", "percent")
    return {name: post.get(name, "") for name in names} | {
        "is_on": "is_on" in post, "by_language": "by_language" in post, "asks": "asks" in post,
        "levels": {
            int(name[6:]): level for name, level in post.items() if name.startswith("level.") and name[6:].isdecimal()
        },
        "steps": list(zip(post.getlist("after"), post.getlist("ease"), post.getlist("over"), strict=False)),
    }  # fmt: skip


def _read(post: QueryDict) -> actions.Ruling:
    one = _written(post)
    return actions.Ruling(
        name=one["name"], is_on=one["is_on"], conditions=writing.read(post),
        head_start_minutes=_figure(one["head_start"] or "0", "head_start_minutes"),
        team_id=number(one["team"]) if one["team"] else None,
        skills={skill: number(level) for skill, level in one["levels"].items() if level not in ("", "0")},
        by_language=one["by_language"], spread=one["spread"], asks=one["asks"],
        answer_s=_figure(one["answer"], "answer_s"), last_s=_figure(one["last"], "last_s") if one["last"] else None,
        leave_minutes=_figure(one["leave"], "leave_minutes") if one["leave"] else None,
        target_s=_figure(one["target"], "target_s"), target_percent=_figure(one["percent"], "target_percent"),
        steps=[
            Step(_figure(after, "steps"), ease, number(over) if over and ease == "queue" else None)
            for after, ease, over in one["steps"]
            if ease
        ],
    )  # fmt: skip


def _figure(written: str, field: str) -> int:
    plain = written.strip()
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 7):
        raise Refused(_("Write a whole number."), field=field)
    return int(plain)
