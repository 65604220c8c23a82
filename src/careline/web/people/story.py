"""A customer's line as a page shows it: one part of it, with the ways to what is newer and older."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers.queries import Whole
from careline.kit.refusals import Refused
from careline.service.conversations import queries as conversations
from careline.touchpoints import Moment
from careline.touchpoints import queries as touchpoints
from careline.web import curve, line
from careline.web.people import narrowing
from careline.web.people.drawn import talks as named
from careline.web.people.narrowing import Narrowed, mark

MOMENTS = 60


def of(actor: Actor, found: Whole, wanted: Narrowed) -> dict[str, Any]:
    touched, newer, older = _page(actor, found, wanted)
    talks = conversations.of_person(actor, found.pk)
    about = named(talks)
    links = {source: f"/desk/{source.partition(':')[2]}" for source in about}
    own = f"/customers/{found.pk}"
    answers = _answers(actor, touched)
    moments = line.draw(
        touched, about=about, links=answers if wanted.about else links | answers, newest_first=True,
        story="" if wanted.about else f"{own}?about=", apart=bool(wanted.about),
    )  # fmt: skip
    is_newest = not (newer or wanted.page or wanted.day)
    return {
        "moments": moments,
        "curve": curve.lying(moments) if is_newest and not wanted.about else None,
        "newer": newer,
        "older": older,
        "fresh": f"{own}/moments?{_asked(wanted)}" if is_newest else "",
        "wanted": wanted,
        "whole_url": own,
        "about_url": links.get(wanted.about, ""),
        "about_word": about.get(wanted.about) or _named(wanted.about),
        **narrowing.choices(wanted, found.pk, {talk.channel for talk in talks}),
        "talks": talks,
    }  # fmt: skip


def _answers(actor: Actor, touched: list[Moment]) -> dict[str, str]:
    """What was answered leads to the whole answer."""
    if not actor.may("surveys.view"):
        return {}
    return {one.source: f"/surveys/answers/{one.facts['response']}" for one in touched if one.facts.get("response")}


def _page(actor: Actor, found: Whole, wanted: Narrowed) -> tuple[list[Moment], str, str]:
    """A page of the line, the newest first, with the addresses of the pages beside it."""
    asked: dict[str, Any] = {
        "limit": MOMENTS + 1, "kinds": wanted.kinds, "channel": wanted.channel, "journey": wanted.about,
    }  # fmt: skip
    if wanted.after is not None:
        rows = touchpoints.line(actor, found.ids, after=wanted.after, **asked)
        if len(rows) > MOMENTS:
            rows = rows[:MOMENTS]
        else:  # up to now: then rather the newest page, whole
            return _page(actor, found, _newest(wanted))
        touched = rows[::-1]
        more, newest = True, False
    else:
        rows = touchpoints.line(actor, found.ids, before=wanted.before, **asked)
        touched, more, newest = rows[:MOMENTS], len(rows) > MOMENTS, wanted.is_newest
    if not touched:
        return [], "", ""
    ends = [(one.occurred_at, one.id) for one in (touched[0], touched[-1])]
    newer = "" if newest else wanted.address(found.pk, day="", after=mark(ends[0]))
    older = wanted.address(found.pk, before=mark(ends[1])) if more else ""
    return touched, newer, older


def _newest(wanted: Narrowed) -> Narrowed:
    return Narrowed(part=wanted.part, channel=wanted.channel, about=wanted.about, zone=wanted.zone)


def _asked(wanted: Narrowed) -> str:
    return urlencode({"part": wanted.part, "channel": wanted.channel, "about": wanted.about})


def _named(journey: str) -> str:
    what, _colon, number = journey.partition(":")
    words = {"order": _("Order %(number)s"), "conversation": _("Conversation %(number)s")}
    return words[what] % {"number": number} if what in words and number else journey


def written(at: str, zone: str) -> datetime | None:
    """A time as a form sends it, where the viewer is."""
    if not at.strip():
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise Refused(_("Say when it was."), field="at") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone or "UTC"))
