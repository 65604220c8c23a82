"""What a queue asks for eases with the wait, at moments that are stated beforehand. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from careline.service.routing.matching import Need, Spread

Ease = Literal["level", "skills", "language", "team", "queue"]
# What can be eased, in the order a house would think of it; "queue" goes over to another one.
EASES: tuple[Ease, ...] = ("level", "skills", "language", "team", "queue")
MOST_STEPS = 6
LONGEST_S = 24 * 3600
# A promise that breaks so soon, or is broken, counts as having waited so much longer.
SOON, PRESSED = timedelta(minutes=15), timedelta(minutes=60)


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """After so many seconds in the queue; `queue` is the one it goes over to."""

    after_s: Annotated[int, Meta(ge=0, le=LONGEST_S)]
    ease: Ease
    queue: int | None = None


class Terms(msgspec.Struct, frozen=True):
    """A queue as the matcher needs it: `skills` the least level by skill; `asks` whether work is offered first.

    `last_s` is how long it waits for whoever had the customer before: None does not look for them, 0 asks them first
    where they are free at that moment.
    """

    id: int
    head_start: timedelta = timedelta()
    team: int | None = None
    skills: Mapping[int, int] = {}
    by_language: bool = False
    spread: Spread = "least_loaded"
    asks: bool = True
    answer_s: int = 30
    last_s: int | None = None
    leave_minutes: int | None = None
    steps: Sequence[Step] = ()


class Asked(msgspec.Struct, frozen=True):
    """What waits, as far as its queue asks for it. `entered` is when it came into this queue, which a step over to
    another one begins anew; `speaks` is the skill of the customer's language, if the house has one."""

    inbox: int
    weight: int
    entered: datetime
    speaks: int | None = None
    last: int | None = None
    # Whom it was given to by hand or rule.
    team: int | None = None
    not_by: tuple[int, ...] = ()
    # When the next of its promises breaks.
    due: datetime | None = None
    # It has gone over once: there it stays.
    went_over: bool = False


class Eased(msgspec.Struct, frozen=True):
    """The need as it is now, how many steps were taken, the next moment that changes something, where it goes over to,
    and its head start by what was promised."""

    need: Need
    step: int
    next_at: datetime | None
    queue: int | None = None
    head_start: timedelta = timedelta()


def steps_of(raw: Any) -> list[Step]:
    """As they are stored: the earliest first."""
    return sorted(msgspec.convert(raw, list[Step]), key=lambda step: step.after_s)


def eased(terms: Terms, asked: Asked, *, at: datetime) -> Eased:
    """What it takes to have this conversation at that moment. It never asks for more than before."""
    waited = (at - asked.entered).total_seconds()
    steps = [step for step in terms.steps if not (step.ease == "queue" and asked.went_over)]
    taken = [step for step in steps if step.after_s <= waited]
    over = next((step.queue for step in taken if step.ease == "queue" and step.queue is not None), None)
    kept = asked.last is not None and bool(terms.last_s) and waited < (terms.last_s or 0)
    moments = [asked.entered + timedelta(seconds=step.after_s) for step in steps if step.after_s > waited]
    if kept:
        moments.append(asked.entered + timedelta(seconds=terms.last_s or 0))
    pressing = is_pressing(asked.due, at=at)
    if asked.due is not None and not pressing:
        moments.append(asked.due - SOON)
    need = Need(
        queue=terms.id,
        inbox=asked.inbox,
        weight=asked.weight,
        team=None if any(step.ease == "team" for step in taken) else asked.team or terms.team,
        skills=_skills(terms, asked, taken),
        spread=terms.spread,
        only=asked.last if kept else None,
        not_by=asked.not_by,
        of=asked.team,
    )
    return Eased(need, len(taken), min(moments, default=None), over, PRESSED if pressing else timedelta())


def is_pressing(due: datetime | None, *, at: datetime) -> bool:
    return due is not None and due - at <= SOON


def _skills(terms: Terms, asked: Asked, taken: Sequence[Step]) -> tuple[tuple[int, int], ...]:
    eases = [step.ease for step in taken]
    lower = eases.count("level")
    wanted = {} if "skills" in eases else {skill: max(1, level - lower) for skill, level in terms.skills.items()}
    if terms.by_language and asked.speaks is not None and "language" not in eases:
        wanted.setdefault(asked.speaks, 1)
    return tuple(sorted(wanted.items()))
