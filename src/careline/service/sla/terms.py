"""What a policy promises, by which clock, when it stands still, and what happens before and after the deadline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import msgspec
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused

What = Literal["first", "next", "resolution"]
Act = Literal["tell_holder", "tell_leads", "tell_team", "priority", "team"]
Pause = Literal["snoozed", "customer", "third_party"]
WHATS: tuple[What, ...] = ("first", "next", "resolution")
ACTS: tuple[Act, ...] = ("tell_holder", "tell_leads", "tell_team", "priority", "team")
PAUSES: tuple[Pause, ...] = ("snoozed", "customer", "third_party")
LONGEST_MINUTES = 60 * 24 * 365
MOST_STEPS = 8
# What is promised for a minute is kept or broken before anybody could be warned.
_MINUTE = timedelta(minutes=1)


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something done so many minutes of the promise's clock after it is due; before it where they are negative."""

    act: Act
    minutes: int = 0
    # Of `priority` the level it is raised to, of `team` who gets the conversation.
    value: int | None = None

    @property
    def name(self) -> str:
        """What tells it from others of its policy, so that a change to the rest does not repeat it."""
        return f"{self.act}:{self.minutes}:{self.value or ''}"


class Terms(msgspec.Struct, frozen=True, omit_defaults=True):
    """Minutes to the first answer, to each further one, to the end; None promises none."""

    first: int | None = None
    next: int | None = None
    resolution: int | None = None
    # Of the hours the conversation's team or inbox is open, or of the clock on the wall.
    clock: Literal["open", "wall"] = "open"
    pauses: tuple[Pause, ...] = PAUSES
    # Warned once so much of the time has gone, or so many minutes before the end; at most one of the two.
    warn_percent: int | None = None
    warn_minutes: int | None = None
    steps: tuple[Step, ...] = ()

    def total(self, what: What) -> timedelta | None:
        minutes: int | None = getattr(self, what)
        return None if minutes is None else minutes * _MINUTE

    def marks(self, total: timedelta) -> list[tuple[timedelta, str]]:
        """After how much time of the promise what is due: "warn", "due", or the name of a step; in their order."""
        found = [(total, "due"), *((max(timedelta(), total + one.minutes * _MINUTE), one.name) for one in self.steps)]
        if self.warn_percent is not None:
            found.append((total * self.warn_percent / 100, "warn"))
        elif self.warn_minutes is not None:
            found.append((max(timedelta(), total - self.warn_minutes * _MINUTE), "warn"))
        return sorted(found)

    def step(self, name: str) -> Step | None:
        return next((one for one in self.steps if one.name == name), None)


def of(stored: Any) -> Terms:
    return msgspec.convert(stored, Terms)


def stored(terms: Terms) -> dict[str, Any]:
    return msgspec.to_builtins(terms)  # type: ignore[no-any-return]


def checked(terms: Terms) -> Terms:
    """The same with its steps in order, or what of it cannot be. Teams are looked up by who keeps them."""
    if all(terms.total(what) is None for what in WHATS):
        raise Refused(_("Promise at least one thing."), field="first")
    for what in WHATS:
        minutes = getattr(terms, what)
        if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
            raise Refused(_("Give a time of a minute to a year."), field=what)
    if terms.warn_percent is not None and terms.warn_minutes is not None:
        raise Refused(_("Warn by a share or by minutes, not by both."), field="warn_minutes")
    if terms.warn_percent is not None and not 1 <= terms.warn_percent <= 99:
        raise Refused(_("Give a share of 1 to 99 percent."), field="warn_percent")
    if terms.warn_minutes is not None and not 1 <= terms.warn_minutes <= LONGEST_MINUTES:
        raise Refused(_("Give a time of a minute to a year."), field="warn_minutes")
    if len(terms.steps) > MOST_STEPS:
        raise Refused(_("At most %(most)s steps can follow.") % {"most": MOST_STEPS}, field="steps")
    for step in terms.steps:
        _check(step)
    steps = {step.name: step for step in sorted(terms.steps, key=lambda step: step.minutes)}
    pauses = tuple(one for one in PAUSES if one in terms.pauses)
    return msgspec.structs.replace(terms, steps=tuple(steps.values()), pauses=pauses)


def _check(step: Step) -> None:
    if not -LONGEST_MINUTES <= step.minutes <= LONGEST_MINUTES:
        raise Refused(_("A step comes within a year of the deadline."), field="steps")
    if step.act == "priority" and step.value not in (1, 2, 3, 4):
        raise Refused(_("Choose the priority."), field="steps")
    if step.act == "team" and step.value is None:
        raise Refused(_("Choose the team."), field="steps")
    if step.act not in ("priority", "team") and step.value is not None:
        raise Refused(_("Only a priority or a team is set to something."), field="steps")
