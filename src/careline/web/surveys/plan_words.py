"""What plans, their ways and their figures are called."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careline.accounts.actor import Actor
from careline.channels import queries as channels
from careline.contact import queries as rules
from careline.contact import scopes
from careline.contact.scopes import Cap
from careline.customers import queries as customers
from careline.experience.surveys.sending.queries import Counts, Listed
from careline.experience.surveys.sending.shapes import DAY, Planned
from careline.kit.refusals import NotVisible
from careline.web import kind_words
from careline.web.surveys import words


def ways() -> dict[str, str]:
    return {"conversation": _("In the conversation"), "email": _("Email")}


def way_orders() -> list[tuple[str, str]]:
    return [
        ("conversation email", _("In the conversation, else by email")),
        ("email conversation", _("By email, else in the conversation")),
        ("conversation", _("In the conversation alone")), ("email", _("By email alone")),
    ]  # fmt: skip


def units() -> list[tuple[str, str]]:
    return [("weeks", _("weeks")), ("months", _("months"))]


def spans() -> list[tuple[str, str]]:
    return [("minutes", _("minutes")), ("hours", _("hours")), ("days", _("days"))]


def states() -> dict[str, str]:
    return {
        "spared": _("Not in the share"), "waiting": _("Waiting"), "sent": _("Sent"), "refused": _("Held back"),
        "failed": _("No way led to them"), "cancelled": _("Called off"),
    }  # fmt: skip


def figures(counts: Counts) -> list[tuple[str, str, int]]:
    """What is shown of a plan, in its order: the name of each, its word, how many."""
    said = {"eligible": _("Could be asked"), "drawn": _("In the share"), **states()}
    said |= {"reminded": _("Reminded"), "begun": _("Begun"), "complete": _("Complete")}
    order = (
        "eligible", "drawn", "waiting", "sent", "reminded", "begun", "complete", "refused", "failed", "cancelled",
        "spared",
    )  # fmt: skip
    return [(key, said[key], getattr(counts, key)) for key in order]


def said(actor: Actor, one: Listed) -> list[str]:
    """A plan in a few words: when, of whom, how."""
    planned = one.planned
    found = _wave(actor, planned) if planned.kind == "wave" else _after(actor, planned)
    if planned.share < 100:
        found.append(_("%(share)s percent of them") % {"share": planned.share})
    found.append(dict(way_orders()).get(" ".join(planned.ways), ""))
    if planned.reminders:
        found.append(
            ngettext("reminded %(num)s time", "reminded up to %(num)s times", planned.reminders)
            % {"num": planned.reminders}
        )
    return found


def _after(actor: Actor, planned: Planned) -> list[str]:
    what = {"moment": kind_words.word(planned.moment), "span": delay(planned.delay_minutes)}
    found = [_("%(span)s after: %(moment)s") % what if planned.delay_minutes else _("At once after: %(moment)s") % what]
    if planned.inbox_ids:
        named = dict(channels.visible_to(actor).filter(pk__in=planned.inbox_ids).values_list("pk", "name"))
        found.append(", ".join(named.get(one, "…") for one in planned.inbox_ids))
    return found + [f"{one.fact} {dict(words.tests())[one.test]} {one.value}" for one in planned.facts]


def _wave(actor: Actor, planned: Planned) -> list[str]:
    count = planned.every
    span = (
        ngettext("Every week", "Every %(num)s weeks", count) if planned.unit == "weeks"
        else ngettext("Every month", "Every %(num)s months", count)
    )  # fmt: skip
    try:
        named = planned.segment_id
        whom = _("everybody we can write to") if named is None else customers.segment(actor, named).name
    except NotVisible:
        whom = _("a segment that is gone, or not for you to see")
    return [span % {"num": count} if "%(" in span else span, whom]


def delay(minutes: int) -> str:
    days, rest = divmod(minutes, DAY)
    if days and not rest:
        return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        return ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours}
    return ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}


def reminder_limit(actor: Actor) -> int:
    """Days within which a second word about surveys is held back by the rules of all surveys; 0 where none is."""
    if not actor.may("customers.view"):
        return 0
    found: Any = next((one.caps for one in rules.rules(actor) if one.name == scopes.SURVEYS), [])
    caps = msgspec.convert(found, list[Cap])
    return max((cap.hours for cap in caps if cap.most == 1), default=0) // 24
