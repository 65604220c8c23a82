"""Turns touchpoints into the moments of a drawn line: what each says, where it stands and how it runs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any, Protocol
from uuid import UUID

import msgspec
from markupsafe import Markup

from careline.web import kept, sayings
from careline.web.marks import sign, trusted
from careline.web.sayings import channel_icon as channel_icon
from careline.web.sayings import channel_word as channel_word

QUIET_DAYS = 7
# Nearer to the words is better: five places across the 44 units a vertical line has.
PLACE = {-2: 8, -1: 15, 0: 22, 1: 29, 2: 36}
# True of the house or of the record, but no moment of the customer's.
UNDRAWN = {
    "agent.status-changed", "contact.decided", "conversation.assigned", "conversation.prioritized",
    "conversation.tagged", "customer.identified", "customer.merged", "customer.renamed", "customer.split",
    "delivery.updated", "message.noted", "segment.entered", "segment.left",
    "consent.given", "consent.withdrawn",
}  # fmt: skip


class Touch(Protocol):
    """What is read of a touchpoint; of several at one instant the id says which came first."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


class Step(msgspec.Struct, kw_only=True):
    """Where a line item stands, and how the line runs on below it."""

    level: int = 0
    onward: int | None = 0  # the level it runs to; None ends it here
    shape: str = "talk"  # talk | deal | answer | sent | open
    effort: int = 0
    quiet: int = 0  # days nothing was heard, when that is long
    guess: bool = False


class Moment(Step, kw_only=True):
    """One list item of a vertical line."""

    at: datetime
    head: str
    icon: str
    way: str  # the icon's word
    known: bool = False  # whether anybody said how it felt; unknown stands in the middle
    notes: list[str] = msgspec.field(default_factory=list)
    url: str = ""
    current: bool = False


def line_html(moments: Iterable[Moment]) -> Markup:
    language = kept.spoken()
    return trusted("".join([_moments.html(moment, language) for moment in moments]))


def _drawn(moment: Moment, language: str) -> str:
    return kept.macro("parts/_moment.html", "moment", language)(moment)


_moments = kept.Kept(Moment, _drawn)


def stretch(moment: Step) -> Markup:
    """From this moment to the next: weight tells effort, dots tell silence, dashes tell what is not known yet."""
    return _stretch(moment.level, moment.onward, moment.effort, moment.quiet > 0, moment.guess)


# There are few stretches and fewer dots, and a page may show sixty of them.
@lru_cache(maxsize=1024)
def _stretch(level: int, onward: int | None, effort: int, quiet: bool, guess: bool) -> Markup:
    if onward is None:
        return Markup()
    a, b = PLACE[level], PLACE[onward]
    rough = " rough" if level < 0 and onward < 1 else ""
    weight = f" w{effort}" if effort and not quiet else ""
    run = " guess" if guess else " quiet" if quiet else ""
    return trusted(
        '<svg class="line-run" viewBox="0 0 44 100" preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="stroke{weight}{rough}{run}" d="M{a} 0C{a} 55 {b} 45 {b} 100"/></svg>'
    )


def dot(moment: Step) -> Markup:
    return _dot(moment.level, moment.shape)


@lru_cache(maxsize=256)
def _dot(level: int, shape: str) -> Markup:
    classes = (" ring" if shape == "open" else "") + (" rough" if level < 0 else "")
    mark = sign(PLACE[level], 12.8, shape, 5.5 if shape in ("talk", "open") else 5, classes)
    return trusted(f'<svg class="line-dot" viewBox="0 0 44 25.6" aria-hidden="true">{mark}</svg>')


def draw(
    touchpoints: Iterable[Touch],
    *,
    now: datetime | None = None,
    about: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    current: str = "",
    newest_first: bool = False,
) -> list[Moment]:
    """The moments of these touchpoints, oldest first unless asked otherwise.

    `about` and `links` give a source ("conversation:12") its words and its address; `current` is the source now open.
    What one conversation left in a row is one moment, and so are pages read in a row; with `now`, silence up to now
    is told too.
    """
    groups = gathered(sorted(touchpoints, key=lambda touch: (touch.occurred_at, touch.id)))
    moments = []
    for group in groups:
        source = group[0].source
        moment = described(group, (about or {}).get(source, ""))
        moment.url = (links or {}).get(source, "")
        moment.current = source == current
        moments.append(moment)
    ends = [group[-1].occurred_at for group in groups]
    for k, (earlier, later) in enumerate(pairwise(moments)):
        earlier.onward, earlier.quiet = later.level, silence(ends[k], later.at)
    if now and moments:
        moments[-1].quiet = silence(ends[-1], now)
    return turned(moments) if newest_first else moments


def silence(since: datetime, until: datetime) -> int:
    days = (until - since).days
    return days if days >= QUIET_DAYS else 0


def turned(moments: list[Moment]) -> list[Moment]:
    """The same line with the newest at the top: each stretch now belongs to the later of its two moments."""
    for later, earlier in pairwise(moments[::-1]):
        later.onward, later.quiet = earlier.level, earlier.quiet
    if moments:
        moments[0].onward, moments[0].quiet = None, 0
    return moments[::-1]


def gathered(touchpoints: Sequence[Touch]) -> list[list[Touch]]:
    groups: list[list[Touch]] = []
    for touch in touchpoints:
        # What the house came to know of somebody is a record; what they said of themselves is a moment.
        if touch.kind in UNDRAWN or (touch.kind == "customer.described" and touch.source.startswith("customer:")):
            continue
        if groups and belongs(groups[-1][-1], touch):
            groups[-1].append(touch)
        else:
            groups.append([touch])
    return groups


def belongs(before: Touch, touch: Touch) -> bool:
    if touch.source.startswith("conversation:"):
        return touch.source == before.source and (touch.occurred_at - before.occurred_at).days < QUIET_DAYS
    return touch.kind == before.kind == "page.viewed" and (touch.occurred_at - before.occurred_at).days < 1


def described(group: Sequence[Touch], about: str) -> Moment:
    first = group[0]
    if first.source.startswith("conversation:"):
        said = sayings.conversation([(touch.kind, touch.facts) for touch in group], about)
    else:
        said = sayings.single(first.kind, first.facts, len(group))
    touches = [(touch.kind, touch.facts) for touch in group]
    level = sayings.feeling(touches)
    effort = sayings.effort(touches)
    return Moment(at=first.occurred_at, level=level or 0, known=level is not None, effort=effort, **said)
