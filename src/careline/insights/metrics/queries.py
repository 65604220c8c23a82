"""Asking for figures, as far as the viewer may: a metric over time and by parts, and the cases behind each figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import queries as customers
from careline.insights import queries as journeys
from careline.insights.metrics import choosing, figures, hours, intervals, weights
from careline.insights.metrics.catalog import DEFINITIONS, NAMES, WAITING
from careline.insights.metrics.choosing import Chosen
from careline.insights.metrics.definitions import Definition, Waiting
from careline.insights.metrics.figures import Figure
from careline.insights.warehouse import metering
from careline.insights.warehouse.engine import Connection
from careline.insights.warehouse.metering import Bounds, Case, Kind, Tally, Wanted
from careline.insights.warehouse.reading import reading
from careline.insights.warehouse.sight import Sight
from careline.kit import clock
from careline.kit.refusals import NotVisible
from careline.service.conversations import queries as conversations
from careline.touchpoints import queries as touchpoints

LONGEST_WORDS = 600


class Point(msgspec.Struct, frozen=True):
    """A figure of one span and part. `coverage` is a share of one; what is not `mature` may still change."""

    begins: datetime
    ends: datetime
    group: str | None
    label: str
    figure: Figure
    coverage: float | None
    mature: bool


class Series(msgspec.Struct, frozen=True):
    definition: Definition
    points: list[Point]
    as_of: datetime | None


class Behind(msgspec.Struct, frozen=True):
    """One case: who, in which conversation, what they said, and what it counts as; names and words as far as seen."""

    at: datetime
    id: UUID
    customer: int | None
    name: str
    conversation: int | None
    subject: str
    known: bool
    value: int | float | bool | None
    score: float | None
    words: str


class Room(msgspec.Struct, frozen=True):
    """The open copy as a viewer sees it, and until when everything is known."""

    actor: Actor
    conn: Connection
    look: Sight
    until: datetime
    as_of: datetime | None
    # Of the parts of effort.
    weights: tuple[int, ...] = weights.ALIKE


def found(name: str) -> Definition | Waiting:
    if name not in NAMES:
        raise NotVisible(_("There is no such metric."))
    return weights.today(DEFINITIONS[name]) if name in DEFINITIONS else WAITING[name]


def definitions() -> list[Definition]:
    """All of them, as they are in force."""
    return [weights.today(one) for one in DEFINITIONS.values()]


@contextmanager
def looking(actor: Actor) -> Iterator[Room]:
    look = Sight(
        inboxes=tuple(actor.inbox_ids) if actor.may("conversations.view") else (), beside=actor.may("customers.view")
    )
    now = clock.now()
    with reading() as copy:
        as_of = copy.manifest.as_of if copy.manifest else None
        yield Room(actor, copy.conn, copy.sight(look), journeys.known_until(now, as_of), as_of, weights.weights())


def series(actor: Actor, definition: Definition, wanted: Chosen) -> Series:
    """One point for each span and part; of spans without parts none is left out."""
    choosing.must_fit(definition, wanted)
    only = choosing.filters(actor, wanted.only)
    choosing.must_fit(definition, msgspec.structs.replace(wanted, only=only))
    spans = choosing.bounds(wanted)
    named = choosing.names(actor, wanted)
    with looking(actor) as room:
        prepare(room, only, wanted)
        cells = counted(room, definition, [spans], only, wanted.by or "none")
        points = [
            Point(
                spans[n], spans[n + 1], part, named.get(part or "", part or ""), one.figure, one.coverage,
                is_mature(definition, spans[n + 1], room.until),
            )
            for (_set, n, part), one in sorted(cells.items(), key=lambda cell: (cell[0][1], cell[0][2] or ""))
        ]  # fmt: skip
        return Series(definition, points, room.as_of)


class Cell(msgspec.Struct, frozen=True):
    figure: Figure
    coverage: float | None


Place = tuple[int, int, str | None]


def prepare(room: Room, only: dict[str, Any], wanted: Chosen) -> None:
    """What filters and parts by segments look into."""
    if "segment" in only:
        metering.choose(room.conn, [person for person, _name in choosing.members(room.actor, [only["segment"]])])
    if wanted.by == "segment":
        metering.name_parts(room.conn, choosing.members(room.actor, wanted.segments))


def counted(
    room: Room, definition: Definition, sets: Sequence[Bounds], only: dict[str, Any], part: str = "none",
    shares: Mapping[Place, float] | None = None,
) -> dict[Place, Cell]:  # fmt: skip
    """By set, span and part; without parts every span is there, with them those in which there is anything.

    `shares`: who answered of those who wrote, where that is known already.
    """
    asked = _asked(room, definition, sets, Wanted(until=room.until, filters=only, part=part))
    rows = _tallies(room, definition.cases, "count" if definition.kind == "rate" else definition.kind, sets, asked)
    places = set(rows)
    if part == "none":
        places |= {(n, span, None) for n, bounds in enumerate(sets) for span in range(len(bounds) - 1)}
    if definition.kind == "rate":
        return _rates(rows, _tallies(room, definition.of, "count", sets, asked), places)
    if asks(definition):
        if shares is None:
            shares = heard(room, [definition], sets, only, part)[definition.name]
        return {place: Cell(figures.of(definition, rows.get(place)), shares.get(place)) for place in places}
    return {
        place: Cell(figures.of(definition, one), one.n / one.whole if one and one.whole else None)
        for place in places
        for one in (rows.get(place),)
    }


def asks(definition: Definition) -> bool:
    """Whether it is of answers, which not everybody gives."""
    return definition.about == "answer" and definition.kind != "count"


def heard(
    room: Room, definitions: Sequence[Definition], sets: Sequence[Bounds], only: dict[str, Any], part: str = "none"
) -> dict[str, dict[Place, float]]:  # fmt: skip
    """Of each, who answered of those who wrote. Talks know nothing of surveys and queues."""
    only = {name: value for name, value in only.items() if name not in ("survey", "queue")}
    asked = Wanted(until=room.until, filters=only, part="none" if part == "survey" else part)
    found: dict[str, dict[Place, float]] = {one.name: {} for one in definitions}
    for one in metering.heard(room.conn, list(found), sets, room.look, asked):
        found[one.name][one.set, one.span, one.part] = one.answered / one.customers
    return found


def _asked(room: Room, definition: Definition, sets: Sequence[Bounds], wanted: Wanted) -> Wanted:
    """With the weights in force, or the open hours of the times that are asked for."""
    if definition.name == weights.EFFORT:
        return msgspec.structs.replace(wanted, weights=room.weights)
    if not definition.business:
        return wanted
    reach = metering.reach(room.conn, definition.cases, sets, room.look, wanted)
    return msgspec.structs.replace(wanted, shifts=hours.between(*reach) if reach else ())


def _tallies(room: Room, cases: str, kind: Kind, sets: Sequence[Bounds], asked: Wanted) -> dict[Place, Tally]:
    found = metering.tallies(room.conn, cases, kind, sets, room.look, asked, intervals.ranks)
    return {(one.set, one.span, one.part): one for one in found}


def _rates(rows: dict[Place, Tally], of: dict[Place, Tally], places: set[Place]) -> dict[Place, Cell]:
    return {
        place: Cell(
            figures.rate(rows[place].whole if place in rows else 0, of[place].whole if place in of else 0), 1.0
        )
        for place in places | set(of)
    }  # fmt: skip


def is_mature(definition: Definition, ends: datetime, until: datetime) -> bool:
    return ends + definition.maturity <= until if definition.maturity else ends <= until


def behind(
    actor: Actor, definition: Definition, wanted: Chosen, *, group: str = "",
    after: tuple[datetime, UUID] | None = None, limit: int = 50,
) -> list[Behind]:  # fmt: skip
    """The cases a figure is made of, the latest first; `group` is the part it is of."""
    if group and wanted.by:
        wanted = msgspec.structs.replace(wanted, by=None, only={**wanted.only, wanted.by: group})
    choosing.must_fit(definition, wanted)
    only = choosing.filters(actor, wanted.only)
    with looking(actor) as room:
        prepare(room, only, wanted)
        bounds = [wanted.since, wanted.before]
        asked = _asked(room, definition, [bounds], Wanted(until=room.until, filters=only))
        cases = metering.behind(room.conn, definition.cases, bounds, room.look, asked, after=after, limit=limit)
    return _told(actor, definition, cases)


def _told(actor: Actor, definition: Definition, cases: Sequence[Case]) -> list[Behind]:
    """Names, subjects and words are looked up now, so that what was erased meanwhile is not told."""
    names: dict[int, str] = {}
    if actor.may("customers.view"):
        people = customers.visible_to(actor).filter(pk__in={one.customer for one in cases})
        names = dict(people.values_list("pk", "name"))
    numbers = {one.talk: _conversation(one.talk) for one in cases if one.talk is not None}
    seen = conversations.called(actor, [number for number in numbers.values() if number])
    subjects = {one.id: one.subject for one in seen}
    words: dict[UUID, str] = {}
    if definition.about == "answer":
        words = dict(touchpoints.said([(one.at, one.id) for one in cases], ["text"], most=LONGEST_WORDS))
    rows = []
    for one in cases:
        number = (numbers.get(one.talk) if one.talk else None) or 0
        rows.append(
            Behind(
                at=one.at, id=one.id, customer=one.customer if one.customer in names else None,
                name=names.get(one.customer, ""), conversation=number if number in subjects else None,
                subject=subjects.get(number, ""), known=one.known, value=one.value, score=one.score,
                words=words.get(one.id, ""),
            )
        )  # fmt: skip
    return rows


def _conversation(talk: str) -> int | None:
    """Of whoever was erased nobody can say any more."""
    number = talk.partition(":")[2]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else None


def plainly(definition: Definition, row: Behind) -> float | None:
    """What a case says, in the unit of its metric; of shares whether it is among those counted."""
    if row.value is None or not row.known:
        return None
    return float(row.value) * figures.unit(definition)
