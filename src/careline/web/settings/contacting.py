"""Contact rules: the scopes and what holds in each, one scope as a form, and a trial on a customer."""

from __future__ import annotations

from datetime import time
from typing import Any

import msgspec
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careline.accounts.actor import Actor
from careline.contact import queries, reach, reasons, ruling, scopes
from careline.customers import queries as customers
from careline.kit.refusals import Refused
from careline.web import asking_contact
from careline.web.doors import AgentRequest, signed_in
from careline.web.people.drawn import shown
from careline.web.settings.calendars import days as days_of_the_week
from careline.web.settings.pages import attempt, number, show

FOUND = 8
# Empty lines for new limits.
MORE = 2
DAY = 24


class Limit(msgspec.Struct, frozen=True):
    """A line of the form, as it was written."""

    most: str = ""
    span: str = ""
    unit: str = "days"
    channel: str = ""
    upto: str = "high"


@require_safe
@signed_in
def rules(request: AgentRequest) -> HttpResponse:
    """All scopes. `customer`, `purpose` and `channel` in the address ask what would be decided now."""
    actor = request.actor
    actor.must("organization.manage")
    rows = [
        {
            "name": one.name, "label": scopes.called(one.name, one.label), "priority": priorities()[one.priority],
            "limits": [_limit_words(cap) for cap in _caps(one)], "quiet": _quiet_words(one),
            "silent": _silence_words(one), "depth": one.name.count("/") + (one.name != scopes.ANY),
        }
        for one in sorted(queries.rules(actor), key=lambda one: (one.name != scopes.ANY, one.name))
    ]  # fmt: skip
    return show(request, "contact", "contact.html", {"rows": rows, **_trial(actor, request.GET)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rule(request: AgentRequest) -> HttpResponse:
    """One scope, by `name` in the address; without one a new scope."""
    actor, post = request.actor, request.POST
    actor.must("organization.manage")
    name = request.GET.get("name", "")
    known = queries.rule(actor, name) if name else None

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        # What was kept, or what the form brought that was refused.
        one = _written(post) if errors else _kept(known)
        context = {
            "known": known, "one": one, "errors": errors, "days": list(enumerate(days_of_the_week(), 1)),
            "called": scopes.called(known.name, known.label) if known else "", "priorities": list(priorities().items()),
            "talks": list(talks().items()), "bound": list(bound().items()), "channels": _channels(),
            "droppable": known is not None and known.name != scopes.ANY,
        }  # fmt: skip
        return show(request, "contact", "contact_rule.html", context, status)

    if request.method != "POST":
        return draw({})

    def keep() -> HttpResponse:
        kept = ruling.keep_rules(name or post.get("name", "").strip(), _read(post), actor=actor)
        return redirect(f"/settings/contact?done={kept.pk}")

    def drop() -> HttpResponse:
        ruling.drop_rules(name, actor=actor)
        return redirect("/settings/contact?done=drop")

    return attempt(request, {"keep": keep, "drop": drop}, draw, back="/settings/contact")


def priorities() -> dict[str, str]:
    return {"low": _("Can wait"), "normal": _("Ordinary"), "high": _("Important")}


def bound() -> dict[str, str]:
    """Whom a limit stops, by the highest priority it binds."""
    return {"high": _("everything"), "normal": _("all but the important"), "low": _("only what can wait")}


def talks() -> dict[str, str]:
    return {
        "open": _("while a conversation with them is open"),
        "ours": _("while they wait for an answer of ours"),
        "ignored": _("not for that"),
    }


def _trial(actor: Actor, asked: QueryDict) -> dict[str, Any]:
    """Whom it was asked for, whom that may be, and what would be decided; nothing is kept."""
    q, chosen = asked.get("q", "").strip()[:300].replace("\0", ""), asked.get("customer", "")
    person = customers.customer(actor, number(chosen)) if chosen else None
    purpose, channel = asked.get("purpose", scopes.SURVEYS), asked.get("channel", "email")
    found = [] if person or not q else [shown(one) for one in customers.whole(customers.search(actor, q, limit=FOUND))]
    return {
        "q": q, "found": found, "person": shown(person) if person else None, "purpose": purpose, "channel": channel,
        **asking_contact.choices(actor),
        "outlook": asking_contact.outlook(actor, person.pk, purpose, channel) if person else None,
    }  # fmt: skip


def _caps(one: Any) -> list[scopes.Cap]:
    return msgspec.convert(one.caps, list[scopes.Cap])


def _channels() -> list[tuple[str, str]]:
    return [("", _("all channels together")), *((one, reach.word(one)) for one in reach.channels())]


def _limit_words(cap: scopes.Cap) -> str:
    words = reasons.limit(msgspec.to_builtins(cap), short=True)
    return words if cap.upto == "high" else _("%(limit)s, stops %(what)s") % {"limit": words, "what": bound()[cap.upto]}


def _quiet_words(one: Any) -> list[str]:
    named = [word for _key, word in days_of_the_week()]
    hours = [f"{one.quiet_from:%H:%M}\u2013{one.quiet_to:%H:%M}"] if one.quiet_from else []
    return [*hours, *(named[day - 1] for day in one.quiet_days)]


def _silence_words(one: Any) -> list[str]:
    talk = {"open": _("an open conversation"), "ours": _("an answer they wait for"), "ignored": ""}[one.talks]
    return [words for words in (talk, _("a broken promise") if one.promise_days else "") if words]


def _kept(one: Any) -> dict[str, Any]:
    if one is None:
        return {"label": "", "name": "", "priority": "normal", "talks": "open", "promise_days": 14,
                "quiet_from": "21:00", "quiet_to": "08:00", "quiet_days": [], "limits": _more([])}  # fmt: skip
    return {
        "label": scopes.called(one.name, one.label), "name": one.name, "priority": one.priority, "talks": one.talks,
        "promise_days": one.promise_days, "quiet_days": [str(day) for day in one.quiet_days],
        "quiet_from": f"{one.quiet_from:%H:%M}" if one.quiet_from else "",
        "quiet_to": f"{one.quiet_to:%H:%M}" if one.quiet_to else "",
        "limits": _more([_line(cap) for cap in _caps(one)]),
    }  # fmt: skip


def _line(cap: scopes.Cap) -> Limit:
    days = cap.hours % DAY == 0
    span = cap.hours // DAY if days else cap.hours
    return Limit(str(cap.most), str(span), "days" if days else "hours", cap.channel, cap.upto)


def _more(lines: list[Limit]) -> list[Limit]:
    return [*lines, *[Limit()] * min(MORE, scopes.MOST_CAPS - len(lines))]


def _lines(post: QueryDict) -> list[Limit]:
    names = ("most", "span", "unit", "channel", "upto")
    columns = [post.getlist(name) for name in names]
    return [Limit(*(one.strip() for one in line)) for line in zip(*columns, strict=False)]


def _written(post: QueryDict) -> dict[str, Any]:
    names = ("label", "name", "priority", "talks", "promise_days", "quiet_from", "quiet_to")
    return {name: post.get(name, "") for name in names} | {
        "quiet_days": post.getlist("quiet_days"), "limits": _lines(post)[: scopes.MOST_CAPS],
    }  # fmt: skip


def _read(post: QueryDict) -> ruling.Rules:
    return ruling.Rules(
        label=_own_words(post.get("label", "")),
        priority=post.get("priority", ""),  # type: ignore[arg-type]  # checked where it is kept
        caps=[_cap(line) for line in _lines(post) if line.most or line.span],
        quiet_from=_time(post.get("quiet_from", ""), "quiet_from"),
        quiet_to=_time(post.get("quiet_to", ""), "quiet_to"),
        quiet_days=[_whole(day, "quiet_days") for day in post.getlist("quiet_days")],
        talks=post.get("talks", ""),
        promise_days=_whole(post.get("promise_days", "").strip() or "0", "promise_days"),
    )


def _own_words(label: str) -> str:
    """What a scope came with is kept as it came, whatever language it was shown in."""
    return next((said for said in scopes.LABELS.values() if _(said) == label.strip()), label)


def _cap(line: Limit) -> scopes.Cap:
    span = _whole(line.span, "caps") * (DAY if line.unit == "days" else 1)
    return scopes.Cap(_whole(line.most, "caps"), span, line.channel, line.upto)  # type: ignore[arg-type]  # likewise


def _time(written: str, field: str) -> time | None:
    try:
        return time.fromisoformat(written.strip()) if written.strip() else None
    except ValueError:
        raise Refused(_("Write times like 21:00."), field=field) from None


def _whole(written: str, field: str) -> int:
    if not (written.isascii() and written.isdecimal()) or len(written) > 6:
        raise Refused(_("Write whole numbers."), field=field)
    return int(written)
