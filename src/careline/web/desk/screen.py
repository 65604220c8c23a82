"""What the desk shows, gathered for its templates: the list of a view, and the conversation that is open."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.channels import adapter
from careline.customers import queries as customers
from careline.customers.queries import Glance
from careline.kit.refusals import Refused
from careline.service.assist import drafting
from careline.service.conversations import queries
from careline.service.conversations.hot import doors
from careline.service.conversations.hot.shapes import Called, Counts, Hand, ListRow
from careline.touchpoints import Moment
from careline.touchpoints import queries as touchpoints
from careline.web import line
from careline.web.desk import accompanying, describing, drawn, greeting, recovering, writing
from careline.web.people import drawn as drawn_people

PAGE = 50
LINES = 50
MOMENTS = 30
VIEWS = (
    "mine",
    "unassigned",
    "all",
    "risk",
    "promised",
    "recovery",
    "followed",
    "snoozed",
    "resolved",
    "spam",
    "trash",
)


class View(msgspec.Struct, frozen=True):
    """One way of looking at the inbox, by the name in its address."""

    name: str

    @property
    def asks(self) -> dict[str, str]:
        if self.name in ("mine", "unassigned", "risk", "promised", "recovery", "followed"):
            return {"view": self.name, "state": "open"}
        return {"view": "all", "state": "open" if self.name == "all" else self.name}

    @property
    def word(self) -> str:
        return view_words()[self.name]


def view_words() -> dict[str, str]:
    return {
        "mine": _("Yours"),
        "unassigned": _("Unassigned"),
        "all": _("All open"),
        "risk": _("At risk"),
        "promised": _("By deadline"),
        "recovery": _("Recovery"),
        "followed": _("Followed"),
        "snoozed": _("Snoozed"),
        "resolved": _("Resolved"),
        "spam": _("Spam"),
        "trash": _("Trash"),
    }


def view_of(name: str | None) -> View:
    return View(name if name in VIEWS else "all")


def listing(
    actor: Actor, view: View, *, before: str = "", limit: int = PAGE, chosen: int | None = None
) -> dict[str, Any]:
    """Rows of a view, and the address of the rows after them."""
    rows = queries.listed(actor, **view.asks, limit=limit, before=_place(before))
    older = _older(view, rows[-1]) if len(rows) == limit else None
    return {"rows": drawn.listing(rows, chosen=chosen), "older": older, "view": view}


class Older(msgspec.Struct, frozen=True):
    """The rows that follow: where they are got, and the place of the last row before them."""

    url: str
    at: str
    number: int


def _older(view: View, last: ListRow) -> Older:
    at = drawn.placed(doors.place(last, view.asks["view"])[0])
    return Older(f"/desk/rows?{urlencode({'view': view.name, 'before': f'{at}_{last.id}'})}", at, last.id)


def _place(mark: str) -> tuple[datetime, int] | None:
    if not mark:
        return None
    at, _dot, number = mark.rpartition("_")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not number.isdecimal() or len(number) > 18:
            raise ValueError
    except ValueError as error:
        raise Refused(_("This page of the list cannot be found; load the list again.")) from error
    return moment, int(number)


def tabs(actor: Actor, view: View) -> list[dict[str, Any]]:
    return _tabs(queries.counts(actor), view)


def beginning(actor: Actor, view: View) -> dict[str, Any]:
    """The tabs, and where the page's socket takes up: taken before the rows are read, so that nothing falls between."""
    counts = queries.counts(actor)
    return {"cursor": counts.xmin, "tabs": _tabs(counts, view)}


def _tabs(counts: Counts, view: View) -> list[dict[str, Any]]:
    counted = {"mine": counts.mine, "unassigned": counts.unassigned, "all": counts.all, "snoozed": counts.snoozed}
    words = view_words()
    return [
        {"name": name, "word": words[name], "count": counted.get(name), "current": name == view.name} for name in VIEWS
    ]


def opened(actor: Actor, conversation_id: int, *, before: int | None = None) -> dict[str, Any]:
    """A conversation with its newest lines, the composer, and who is speaking."""
    found = queries.one(actor, conversation_id)
    lines = queries.thread(actor, conversation_id, limit=LINES, **({"before": before} if before else {}))
    person = customers.beside(actor, found.person_id)
    touched = touchpoints.line(actor, person.ids, limit=MOMENTS)
    known = called(actor, found, touched)
    hands = queries.hands(actor, found.id)
    envelope = queries.envelope(actor, found.id) if _has_letters(found.channel) else None
    beside = pane(actor, found, person, touched, known)
    answering = envelope if actor.may("conversations.reply") else None
    return {
        "messages": drawn.lines(lines),
        "earlier": lines[-1].seq if len(lines) == LINES and lines[-1].seq > 1 else 0,
        "composer": composer(
            found,
            greeting=greeting.words(beside["person"].name, beside["language"]),
            envelope=writing.shown(found, answering, lines) if answering else None,
        ),
        "people": accompanying.told(actor, found, hands, envelope),
        "recovery": recovering.card(actor, found) if found.mark else None,
        **_head(actor, found, hands, known),
        **beside,
    }


def called(actor: Actor, found: ListRow, touched: Sequence[Moment]) -> list[Called]:
    """What their line tells of beside this conversation, and what it goes on from or goes on in."""
    others = {touch.conversation_id for touch in touched if touch.conversation_id} - {found.id}
    near = found.id if _has_letters(found.channel) else 0
    return queries.called(actor, others, near=near) if others or near else []


def head(actor: Actor, found: ListRow) -> dict[str, Any]:
    """The head of a thread: what it is about, who has it, and what may be done with it."""
    return _head(actor, found, queries.hands(actor, found.id), called(actor, found, []))


def _head(actor: Actor, found: ListRow, hands: Sequence[Hand], known: Sequence[Called]) -> dict[str, Any]:
    may = {name: actor.may(f"conversations.{name}") for name in ("reply", "note", "assign", "close")}
    return {
        "conversation": found,
        "row": drawn.row(found),
        "may": may,
        "own_id": actor.agent_id,
        "follows": any(one.follows for one in hands if one.is_agent and one.id == actor.agent_id),
        "before": [one for one in known if one.id == found.follows_id],
        "after": [one for one in known if one.follows_id == found.id],
        "workers": [one for one in hands if one.is_agent],
        "teams": [one for one in hands if not one.is_agent],
    }


def _has_letters(channel: str) -> bool:
    """Only an answer by letter may come so late that it begins anew."""
    known = adapter.adapters().get(channel)
    return known is not None and known.capabilities.letters


def composer(found: ListRow, *, greeting: str = "", envelope: dict[str, Any] | None = None) -> dict[str, Any]:
    name = found.person_name or _("the customer")
    return {
        "reply_url": f"/desk/{found.id}/messages",
        "note_url": f"/desk/{found.id}/messages",
        "to_name": name,
        "channel": found.channel,
        "channel_word": line.channel_word(found.channel),
        "hint": "" if envelope else _("Also answered while they are away; they find it when they come back."),
        "client_id": fresh_key(),
        "voice_url": f"/desk/{found.id}/voice",
        "replies_url": f"/desk/{found.id}/saved-replies",
        "modeled": drafting.is_there(),
        "sums_up": found.last_seq >= drafting.LONG,
        "greeting": greeting,
        "envelope": envelope,
    }


def fresh_key() -> str:
    """One for each message a composer will send: the same words sent twice count once."""
    return secrets.token_urlsafe(12)


def pane(
    actor: Actor, found: ListRow, person: Glance, touched: Sequence[Moment], known: Sequence[Called]
) -> dict[str, Any]:
    """The customer beside the reply: who they are and their line down to now."""
    about = drawn_people.talks([found, *known])
    links = {source: f"/desk/{source.partition(':')[2]}" for source in about}
    # What is open here leads to where it stands on the customer's line.
    own = f"conversation:{found.id}"
    links[own] = f"/customers/{person.pk}?about={own}"
    return {
        "person": drawn_people.shown(person, {name: label for of, name, label in person.labels if of == "customer"}),
        "talk": describing.told(
            actor, found, [(name, label) for of, name, label in person.labels if of == describing.OF]
        ),
        "language": person.language,
        "wishes": greeting.wishes(person),
        "moments": line.draw(touched, about=about, links=links, current=own),
        "now": standing(found),
    }


def standing(found: ListRow) -> list[str]:
    if found.state == "resolved":
        return [_("Resolved. New words open it again.")]
    if found.state == "snoozed" and found.snoozed_until:
        return [_("Snoozed until %(until)s UTC.") % {"until": f"{found.snoozed_until:%Y-%m-%d %H:%M}"}]
    if found.handled_by == "bot":
        return [_("The bot has it.")]
    if found.waiting_on == "customer":
        return [_("Answered; waiting on the customer.")]
    return [_("Waiting on us.")]
