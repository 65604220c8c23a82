"""Looking at journeys, as far as the viewer may: moments of an inbox need that inbox, those of none need customers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.insights import breakdowns, figures
from careline.insights.warehouse import questions, walks
from careline.insights.warehouse.answers import (
    Activity,
    Between,
    Cell,
    Edge,
    Flow,
    FunnelPart,
    Reached,
    Rework,
    Sessions,
    Variants,
)
from careline.insights.warehouse.engine import Connection
from careline.insights.warehouse.reading import reading
from careline.insights.warehouse.sight import Sight
from careline.kit import clock
from careline.kit.refusals import Refused

T = TypeVar("T")
MOST_STEPS = 12
MOST_DAYS = 60
LONGEST = 3650
MOST_KINDS = 50
LONGEST_NOUN = 64
CUSTOMER = "customer"


class Filter(msgspec.Struct, frozen=True):
    """Which moments count: from `since` on, before `before`, of these kinds; by customer or by journeys of a noun."""

    since: datetime | None = None
    before: datetime | None = None
    kinds: tuple[str, ...] | None = None
    case: str | None = None


class Answer(msgspec.Struct, Generic[T], frozen=True):
    """With the moment up to which the copy holds everything; None while there is no copy."""

    found: T
    as_of: datetime | None


class Map(msgspec.Struct, frozen=True):
    activities: list[Activity]
    edges: list[Edge]


class Funnel(msgspec.Struct, frozen=True):
    """`parts` when it was broken down."""

    steps: list[Reached]
    parts: list[FunnelPart]


NO_FILTER = Filter()


def journey_map(actor: Actor, wanted: Filter = NO_FILTER) -> Answer[Map]:
    """What happens, and what directly follows what."""
    return _asked(
        actor, wanted, lambda conn, look: Map(questions.activities(conn, look), questions.journey_map(conn, look))
    )


def variants(actor: Actor, wanted: Filter = NO_FILTER, *, limit: int = 20) -> Answer[Variants]:
    return _asked(actor, wanted, lambda conn, look: questions.variants(conn, look, limit=limit))


def paths(actor: Actor, wanted: Filter = NO_FILTER, *, steps: int = 5, limit: int = 20) -> Answer[Variants]:
    _within(steps, MOST_STEPS, "length")
    return _asked(actor, wanted, lambda conn, look: questions.paths(conn, look, steps=steps, limit=limit))


def funnel(
    actor: Actor,
    steps: Sequence[str],
    wanted: Filter = NO_FILTER,
    *,
    window: timedelta,
    strict: bool = False,
    never: Mapping[int, Sequence[str]] = questions.NOTHING,
    by: str | None = None,
) -> Answer[Funnel]:
    """`never` names kinds that must not happen on the way to the step of a number, which is 2 or more."""
    if not 1 <= len(steps) <= MOST_STEPS or not all(steps):
        raise Refused(_("A funnel has 1 to %(most)s steps.") % {"most": MOST_STEPS}, field="steps")
    if any(not 2 <= n <= len(steps) for n in never) or not all(kind for kinds in never.values() for kind in kinds):
        raise Refused(_("What must not happen stands before one of the steps from the second on."), field="exclude")
    if strict and never:
        raise Refused(_("In strict order nothing happens between the steps, so nothing is excluded."), field="exclude")

    def ask(conn: Connection, look: Sight) -> Funnel:
        parting = breakdowns.parting_by(actor, by)
        reached = questions.funnel(conn, steps, look, window=window, strict=strict, never=never)
        if parting is None:
            return Funnel(reached, [])
        parts = questions.funnel_parts(conn, steps, parting, look, window=window, strict=strict, never=never)
        return Funnel(reached, parts)

    return _asked(actor, wanted, ask)


def between(
    actor: Actor,
    start: str,
    finish: str,
    wanted: Filter = NO_FILTER,
    *,
    window: timedelta,
    unit: str = "week",
    zone: str = "UTC",
    by: str | None = None,
) -> Answer[Between]:
    """How long it takes from one kind to the other; what began lately and may still be answered is counted apart."""
    _named(start, "start")
    _named(finish, "finish")
    _zoned(zone)
    now = clock.now()
    with _look(actor, wanted) as (conn, look, as_of):
        until = known_until(now, as_of)
        if wanted.before is not None:
            until = min(until, wanted.before)
        parting = breakdowns.parting_by(actor, by)
        found = walks.between(
            conn, start, finish, look, window=window, until=until, unit=unit, zone=zone, parting=parting
        )
        return Answer(found, as_of)


def rework(actor: Actor, wanted: Filter = NO_FILTER, *, limit: int = 20) -> Answer[Rework]:
    return _asked(actor, wanted, lambda conn, look: walks.rework(conn, look, limit=limit))


def flow(
    actor: Actor, chosen: str, wanted: Filter = NO_FILTER, *, back: bool = False, length: int = 4, most: int = 8
) -> Answer[Flow]:
    """What comes after the first of a kind or, looked at backwards, before it."""
    _named(chosen, "to" if back else "start")
    _within(length, MOST_STEPS, "length")
    _within(most, MOST_KINDS, "top")
    return _asked(actor, wanted, lambda conn, look: walks.flow(conn, chosen, look, back=back, length=length, most=most))


def retention(
    actor: Actor,
    spans: Sequence[questions.Span],
    wanted: Filter = NO_FILTER,
    *,
    unit: str = "week",
    zone: str = "UTC",
    entry: str | None = None,
    back: str | None = None,
) -> Answer[list[Cell]]:
    """Cohorts by the day, week or month of a customer's entry in a zone, and how many of them came back."""
    if not 1 <= len(spans) <= MOST_DAYS:
        raise Refused(_("Ask for 1 to %(most)s days.") % {"most": MOST_DAYS}, field="days")
    for low, _high in spans:
        _within(low + 1, LONGEST, "days")
    _zoned(zone)
    now = clock.now()
    with _look(actor, wanted) as (conn, look, as_of):
        found = questions.retention(
            conn, spans, look, until=known_until(now, as_of), unit=unit, zone=zone, entry=entry, back=back
        )
        return Answer(found, as_of)


def sessions(
    actor: Actor, wanted: Filter = NO_FILTER, *, pause: timedelta = questions.PAUSE
) -> Answer[Sessions]:  # fmt: skip
    return _asked(actor, wanted, lambda conn, look: questions.sessions(conn, look, pause=pause))


def _noun(case: str | None) -> str | None:
    if case is None or case == CUSTOMER:
        return None
    if not case or len(case) > LONGEST_NOUN or set(case) & {":", "\0"}:
        raise Refused(_("A case is a customer, or a journey named by its noun, such as order."), field="case")
    return case


def known_until(now: datetime, as_of: datetime | None) -> datetime:
    """Until when we know what happened."""
    return as_of if as_of is not None and figures.behind().touchpoints else now


def _zoned(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(_("There is no time zone of that name."), field="zone") from None


def _named(kind: str, field: str) -> None:
    if not kind or "\0" in kind:
        raise Refused(_("Name a kind of moment."), field=field)


def _within(value: int, most: int, field: str) -> None:
    if not 1 <= value <= most:
        raise Refused(_("This is a number from 1 to %(most)s.") % {"most": most}, field=field)


def _asked(actor: Actor, wanted: Filter, ask: Callable[[Connection, Sight], T]) -> Answer[T]:
    with _look(actor, wanted) as (conn, look, as_of):
        return Answer(ask(conn, look), as_of)


@contextmanager
def _look(actor: Actor, wanted: Filter) -> Iterator[tuple[Connection, Sight, datetime | None]]:
    actor.must("reports.view")
    look = Sight(
        inboxes=tuple(actor.inbox_ids) if actor.may("conversations.view") else (),
        beside=actor.may("customers.view"), since=wanted.since, before=wanted.before, kinds=wanted.kinds,
        case=_noun(wanted.case),
    )  # fmt: skip
    with reading() as copy:
        yield copy.conn, copy.sight(look), copy.manifest.as_of if copy.manifest else None
