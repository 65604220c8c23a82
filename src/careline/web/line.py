"""Turns touchpoints into the moments of a drawn line: what each says, where it stands and how it runs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from urllib.parse import quote

import msgspec
from markupsafe import Markup

from careline.touchpoints import feelings
from careline.web import grouping, kept, sayings
from careline.web.grouping import Touch
from careline.web.marks import sign, trusted
from careline.web.sayings import channel_icon as channel_icon
from careline.web.sayings import channel_word as channel_word

# Of a visit at most so many steps are told one by one.
STEPS = 40
# Nearer to the words is better: five places across the 44 units a vertical line has.
PLACE = {-2: 8, -1: 15, 0: 22, 1: 29, 2: 36}


class Step(msgspec.Struct, kw_only=True):
    """Where a line item stands, and how the line runs on below it."""

    level: int = 0
    onward: int | None = 0  # the level it runs to; None ends it here
    shape: str = "talk"  # talk | deal | answer | sent | open
    effort: int = 0
    quiet: int = 0  # days nothing was heard, when that is long
    guess: bool = False


class Part(msgspec.Struct):
    """One step of a visit."""

    at: datetime
    head: str
    icon: str


class Moment(Step, kw_only=True):
    """One list item of a vertical line."""

    at: datetime
    head: str
    icon: str
    way: str  # the icon's word
    id: str = ""
    felt_by: str = ""  # "answer" or "words"; nobody knows how the others felt, and they stand in the middle
    talk: bool = False
    said: str = ""  # the customer's own words
    notes: list[str] = msgspec.field(default_factory=list)
    parts: list[Part] = msgspec.field(default_factory=list)
    effort_notes: list[str] = msgspec.field(default_factory=list)
    url: str = ""
    story: str = ""  # where all of this talk or order stands on the line
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
    story: str = "",
    apart: bool = False,
) -> list[Moment]:
    """The moments of these touchpoints, oldest first unless asked otherwise.

    `about` and `links` give a source ("conversation:12") its words and its address; `current` is the source now open.
    What one talk left is one moment, and so is a visit of pages and shop, unless they are asked for `apart`; `story` is
    the address that a journey's name is put behind. With `now`, silence up to now is told too.
    """
    in_order = sorted(touchpoints, key=lambda touch: (touch.occurred_at, touch.id))
    groups = grouping.apart(in_order) if apart else grouping.gathered(in_order)
    moments = []
    for group in groups:
        source = group[0].source
        moment = described(group, (about or {}).get(source, ""), apart=apart)
        moment.url = (links or {}).get(source, "")
        moment.current = source == current
        if story and group[0].journey:
            moment.story = f"{story}{quote(group[0].journey, safe='')}"
        moments.append(moment)
    ends = [max(touch.occurred_at for touch in group) for group in groups]
    for k, (earlier, later) in enumerate(pairwise(moments)):
        earlier.onward, earlier.quiet = later.level, silence(ends[k], later.at)
    if now and moments:
        moments[-1].quiet = silence(ends[-1], now)
    return turned(moments) if newest_first else moments


def silence(since: datetime, until: datetime) -> int:
    days = (until - since).days
    return days if days >= grouping.QUIET_DAYS else 0


def turned(moments: list[Moment]) -> list[Moment]:
    """The same line with the newest at the top: each stretch now belongs to the later of its two moments."""
    for later, earlier in pairwise(moments[::-1]):
        later.onward, later.quiet = earlier.level, earlier.quiet
    if moments:
        moments[0].onward, moments[0].quiet = None, 0
    return moments[::-1]


def described(group: Sequence[Touch], about: str, *, apart: bool = False) -> Moment:
    first = group[0]
    touches = [(touch.kind, touch.facts) for touch in group]
    talk = first.source.startswith("conversation:")
    parts: list[Part] = []
    if talk:
        said = sayings.said(first.kind, first.facts) if apart else sayings.conversation(touches, about)
    elif len(group) > 1:
        said = sayings.visit(touches)
        parts = [_part(touch) for touch in group[:STEPS]]
    else:
        said = sayings.single(first.kind, first.facts, 1)
    felt, effort = feelings.felt(touches), feelings.effort(touches)
    return Moment(
        id=f"m-{first.id}",
        at=first.occurred_at,
        level=felt.level if felt else 0,
        felt_by=felt.by if felt else "",
        talk=talk and (not apart or first.kind == "message.received"),
        effort=effort.level if effort else 0,
        effort_notes=sayings.effort_parts(effort.parts) if effort else [],
        parts=parts,
        **said,
    )


def _part(touch: Touch) -> Part:
    said = sayings.single(touch.kind, touch.facts, 1)
    return Part(touch.occurred_at, ": ".join([said["head"], *said.get("notes", [])[:1]]), said["icon"])
