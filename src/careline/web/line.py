"""Turns touchpoints into the moments of a drawn line: what each says, where it stands and how it runs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec
from django.utils.translation import gettext, ngettext
from markupsafe import Markup

from careline.web.marks import LEVELS, sign

QUIET_DAYS = 7
# Nearer to the words is better: five places across the 44 units a vertical line has.
PLACE = {-2: 8, -1: 15, 0: 22, 1: 29, 2: 36}
# Signs of the house about itself: true, but no moment of the customer's.
UNDRAWN = {"delivery.updated", "agent.status-changed"}


class Touch(Protocol):
    """What is read of a touchpoint."""

    @property
    def kind(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


class Moment(msgspec.Struct, kw_only=True):
    """One list item of a vertical line."""

    at: datetime
    head: str
    icon: str
    way: str  # the icon's word
    shape: str = "talk"  # talk | deal | answer | sent | open
    level: int = 0
    known: bool = False  # whether `level` was said by anybody; unknown stands in the middle
    effort: int = 0
    notes: list[str] = msgspec.field(default_factory=list)
    url: str = ""
    current: bool = False
    # How the line runs on below this moment.
    onward: int | None = 0  # the level it runs to; None ends it here
    quiet: int = 0  # days nothing was heard, when that is long
    guess: bool = False


def stretch(moment: Moment) -> Markup:
    """From this moment to the next: weight tells effort, dots tell silence, dashes tell what is not known yet."""
    if moment.onward is None:
        return Markup()
    a, b = PLACE[moment.level], PLACE[moment.onward]
    rough = " rough" if moment.level < 0 and moment.onward < 1 else ""
    weight = f" w{moment.effort}" if moment.effort and not moment.quiet else ""
    run = " guess" if moment.guess else " quiet" if moment.quiet else ""
    return Markup(
        '<svg class="line-run" viewBox="0 0 44 100" preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="stroke{weight}{rough}{run}" d="M{a} 0C{a} 55 {b} 45 {b} 100"/></svg>'
    )


def dot(moment: Moment) -> Markup:
    classes = (" ring" if moment.shape == "open" else "") + (" rough" if moment.level < 0 else "")
    radius = 5.5 if moment.shape in ("talk", "open") else 5
    drawn = sign(PLACE[moment.level], 12.8, moment.shape, radius, classes)
    return Markup(f'<svg class="line-dot" viewBox="0 0 44 25.6" aria-hidden="true">{drawn}</svg>')


def draw(
    touchpoints: Iterable[Touch],
    *,
    about: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    current: str = "",
    newest_first: bool = False,
) -> list[Moment]:
    """The moments of these touchpoints, oldest first unless asked otherwise.

    `about` and `links` give a source ("conversation:12") its words and its address; `current` is the source now open.
    What one conversation left in a row is one moment, and so are pages read in a row.
    """
    moments = []
    for group in gathered(sorted(touchpoints, key=lambda touch: touch.occurred_at)):
        moment = described(group, (about or {}).get(group[0].source, ""))
        moment.url = (links or {}).get(group[0].source, "")
        moment.current = bool(current) and any(touch.source == current for touch in group)
        moments.append((moment, group[-1].occurred_at))
    for (earlier, end), (later, _) in zip(moments, moments[1:], strict=False):
        days = (later.at - end).days
        earlier.onward = later.level
        earlier.quiet = days if days >= QUIET_DAYS else 0
    drawn = [moment for moment, _ in moments]
    return turned(drawn) if newest_first else drawn


def turned(moments: list[Moment]) -> list[Moment]:
    """The same line with now at the top: each stretch belongs to the later of its two moments."""
    for later, earlier in zip(reversed(moments), list(reversed(moments))[1:], strict=False):
        later.onward, later.quiet = earlier.level, earlier.quiet
    if moments:
        moments[0].onward, moments[0].quiet = None, 0
    return moments[::-1]


def gathered(touchpoints: Sequence[Touch]) -> list[list[Touch]]:
    groups: list[list[Touch]] = []
    for touch in touchpoints:
        if touch.kind in UNDRAWN:
            continue
        if groups and belongs(groups[-1][-1], touch):
            groups[-1].append(touch)
        else:
            groups.append([touch])
    return groups


def belongs(before: Touch, touch: Touch) -> bool:
    if touch.source.startswith("conversation:"):
        return touch.source == before.source
    return touch.kind == before.kind == "page.viewed" and (touch.occurred_at - before.occurred_at).days < 1


def described(group: Sequence[Touch], about: str) -> Moment:
    first = group[0]
    facts = first.facts
    if first.source.startswith("conversation:"):
        moment = conversation(group, about)
    else:
        moment = Moment(at=first.occurred_at, **_sayings(first, len(group)))
    for touch in group:
        level = touch.facts.get("felt")
        if isinstance(level, int) and level in LEVELS:
            moment.level, moment.known = level, True
    weight = facts.get("effort")
    moment.effort = weight if isinstance(weight, int) and 0 <= weight <= 3 else 0
    return moment


def conversation(group: Sequence[Touch], about: str) -> Moment:
    """One talk: who began it, how much was said, and where it stands."""
    kinds = [touch.kind for touch in group]
    said = sum(kind in ("message.received", "message.sent") for kind in kinds)
    ours = next((kind for kind in kinds if kind.startswith("message.")), "") == "message.sent"
    standing = {
        "conversation.resolved": gettext("resolved"),
        "conversation.snoozed": gettext("snoozed"),
        "conversation.reopened": gettext("reopened"),
    }
    notes = [ngettext("%(count)s message", "%(count)s messages", said) % {"count": said}] if said > 1 else []
    notes += [standing[kind] for kind in kinds[::-1] if kind in standing][:1]
    head = about or (gettext("We wrote") if ours else gettext("Wrote to us"))
    channel = str(group[0].facts.get("channel", ""))
    return Moment(
        at=group[0].occurred_at,
        head=head,
        icon=channel_icon(channel),
        way=channel_word(channel),
        shape="sent" if ours else "talk",
        notes=notes,
    )


def channel_icon(channel: str) -> str:
    return {"api": "code", "email": "mail", "phone": "phone", "voice": "phone", "sms": "smartphone"}.get(
        channel, "chat"
    )


def channel_word(channel: str) -> str:
    return {"webchat": gettext("Chat"), "api": gettext("API"), "email": gettext("Email")}.get(channel, gettext("Chat"))


def _sayings(touch: Touch, count: int) -> dict[str, Any]:
    facts = touch.facts
    match touch.kind:
        case "page.viewed":
            title = str(facts.get("title") or facts.get("path") or facts.get("url") or "")
            pages = ngettext("Read a page", "Read %(count)s pages", count) % {"count": count}
            return {"head": pages, "icon": "web", "way": gettext("Web"), "notes": [title] if title else []}
        case "order.placed":
            return {"head": gettext("Ordered"), "icon": "order", "way": gettext("Order"), **_deal(facts)}
        case "order.delivered":
            return {"head": gettext("Order delivered"), "icon": "box", "way": gettext("Delivery"), **_deal(facts)}
        case "visit.checked-in":
            return {"head": gettext("Came to the store"), "icon": "store", "way": gettext("Store")}
        case "survey.answered":
            return {"head": gettext("Answered a survey"), "icon": "answer", "way": gettext("Survey"), "shape": "answer"}
        case "event.tracked":
            name = str(facts.get("name") or facts.get("event") or gettext("Event"))
            return {"head": name, "icon": "web", "way": gettext("Event")}
        case _:
            return {"head": touch.kind.replace(".", " ").replace("-", " "), "icon": "history", "way": gettext("Moment")}


def _deal(facts: Mapping[str, Any]) -> dict[str, Any]:
    number = facts.get("order") or facts.get("number") or facts.get("order_id")
    return {"shape": "deal", "notes": [str(number)] if number else []}
