"""Looking at journeys, as far as the viewer may: moments of an inbox need that inbox, those of none need customers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.insights import figures
from careline.insights.warehouse import questions
from careline.insights.warehouse.answers import Activity, Cell, Edge, Reached, Sessions, Variants
from careline.insights.warehouse.engine import Connection
from careline.insights.warehouse.reading import reading
from careline.insights.warehouse.sight import Sight
from careline.kit import clock
from careline.kit.refusals import Refused

T = TypeVar("T")
MOST_STEPS = 12
MOST_DAYS = 60
LONGEST = 3650


class Filter(msgspec.Struct, frozen=True):
    """Which moments count: from `since` on, before `before`, of these kinds."""

    since: datetime | None = None
    before: datetime | None = None
    kinds: tuple[str, ...] | None = None


class Answer(msgspec.Struct, Generic[T], frozen=True):
    """With the moment up to which the copy holds everything; None while there is no copy."""

    found: T
    as_of: datetime | None


class Map(msgspec.Struct, frozen=True):
    activities: list[Activity]
    edges: list[Edge]


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
    actor: Actor, steps: Sequence[str], wanted: Filter = NO_FILTER, *, window: timedelta
) -> Answer[list[Reached]]:  # fmt: skip
    if not 1 <= len(steps) <= MOST_STEPS or not all(steps):
        raise Refused(_("A funnel has 1 to %(most)s steps.") % {"most": MOST_STEPS}, field="steps")
    return _asked(actor, wanted, lambda conn, look: questions.funnel(conn, steps, look, window=window))


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
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(_("There is no time zone of that name."), field="zone") from None
    until = clock.now()
    with _look(actor, wanted) as (conn, look, as_of):
        if as_of is not None and figures.behind().touchpoints:
            until = as_of
        found = questions.retention(conn, spans, look, until=until, unit=unit, zone=zone, entry=entry, back=back)
        return Answer(found, as_of)


def sessions(
    actor: Actor, wanted: Filter = NO_FILTER, *, pause: timedelta = questions.PAUSE
) -> Answer[Sessions]:  # fmt: skip
    return _asked(actor, wanted, lambda conn, look: questions.sessions(conn, look, pause=pause))


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
    )  # fmt: skip
    with reading() as copy:
        yield copy.conn, copy.sight(look), copy.manifest.as_of if copy.manifest else None
