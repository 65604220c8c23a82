"""Looking at the line, as far as the viewer may."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import msgspec
import psycopg
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit.refusals import NotAllowed
from careline.kit.statement import Statement
from careline.touchpoints import feelings, hot
from careline.touchpoints.kinds import KINDS
from careline.touchpoints.models import Parked
from careline.touchpoints.moments import Moment, Written

Position = tuple[datetime, uuid.UUID]
LONGEST = 500
# Moments whose facts are read at a time, and how much of a fact is a name to group by.
PIECE = 5000
LONGEST_FACT = 100
# Kinds that say in which channel they were.
IN_CHANNELS = [name for name, kind in KINDS.items() if "channel" in kind.facts.__struct_fields__]
# After every moment there can be.
END: Position = (datetime(9999, 1, 1, tzinfo=UTC), uuid.UUID(int=2**128 - 1))


class Trouble(msgspec.Struct, frozen=True):
    """A touchpoint some subscriber could not take."""

    subscriber: str
    touchpoint_id: uuid.UUID
    at: datetime
    error: str


def newest_of_each(people: Sequence[int], *, kinds: Sequence[str], limit: int) -> list[Moment]:
    """The last moments of some kinds on each of these lines, the oldest first.

    For rooms that work something out of them; no door shows these to anybody.
    """
    return [row.moment() for row in hot.NEWEST_OF_EACH.all(people=list(people), kinds=list(kinds), limit=limit)]


def lately_of_each(people: Sequence[int], *, kinds: Sequence[str], since: datetime, limit: int) -> list[Moment]:
    """Likewise, of what happened after a time."""
    rows = hot.LATELY_OF_EACH.all(people=list(people), kinds=list(kinds), since=since, limit=limit)
    return [row.moment() for row in rows]


def of_kind(kind: str, *, since: datetime, inboxes: Sequence[int], limit: int) -> list[Moment]:
    """What happened to anybody since then in these inboxes or in none, the newest first; for rooms that count it."""
    return [row.moment() for row in hot.OF_KIND.all(kind=kind, since=since, inboxes=list(inboxes), limit=limit)]


class Lately(msgspec.Struct, frozen=True):
    """The last points of a line, the newest last: how each felt, and how hard it was by what was counted."""

    feelings: list[int]
    efforts: list[int]


def lately(owners: Mapping[int, int], *, limit: int) -> dict[int, Lately]:
    """Of some lines: `owners` says whose line each person's moments are on. What nobody knows stands in the middle."""
    found = {owner: Lately([], []) for owner in owners.values()}
    rows = hot.POINTS.all(people=list(owners), owners=list(owners.values()), kinds=list(feelings.POINTS), limit=limit)
    for point in rows:
        said = feelings.level(point.kind, msgspec.json.decode(point.facts))
        found[point.owner].feelings.append((feelings.of_words(point.scores) or 0) if said is None else said)
        found[point.owner].efforts.append(feelings.hard(point.effort))
    return found


def of_journeys(journeys: Sequence[str], *, kinds: Sequence[str], limit: int) -> list[Moment]:
    """Likewise what belongs to each of these, at most its last `limit` moments; the oldest first."""
    return [row.moment() for row in hot.OF_JOURNEYS.all(journeys=list(journeys), kinds=list(kinds), limit=limit)]


def unheard(subscriber: str, journeys: Sequence[str], *, kinds: Sequence[str]) -> set[str]:
    """Those of which something is written that a subscriber has not been told yet, or is being told just now."""
    return {row.journey for row in hot.UNHEARD.all(subscriber=subscriber, journeys=list(journeys), kinds=list(kinds))}


def page(
    actor: Actor,
    people: Sequence[int],
    before: Position | None = None,
    limit: int = 50,
    *,
    after: Position | None = None,
    kinds: Sequence[str] = (),
    channel: str = "",
    journey: str = "",
) -> tuple[Statement[Written], dict[str, Any]]:
    """The statement that `line` asks and its parameters, for either driver."""
    beside, talks = actor.may("customers.view"), actor.may("conversations.view")
    inboxes, parts = (list(actor.inbox_ids), list(actor.team_inbox_ids)) if talks else ([], [])
    if not beside and not inboxes and not parts:
        raise NotAllowed(_("Your role does not allow this: %(what)s.") % {"what": _("see customers")})
    given = {"people": list(people), "inboxes": inboxes, "beside": beside, "limit": max(0, min(limit, LONGEST))}
    statement, more = _wanted(before, after, kinds, channel, journey)
    if parts:
        statement = hot.PARTLY[statement]
        given |= {"parts": parts, "teams": actor.talk_teams, "me": actor.agent_id or 0}
    return statement, given | more


def _wanted(
    before: Position | None, after: Position | None, kinds: Sequence[str], channel: str, journey: str
) -> tuple[Statement[Written], dict[str, Any]]:
    if after is None and before is None and not (kinds or channel or journey):
        return hot.NEWEST, {}
    at, id = after or before or END
    given: dict[str, Any] = {"at": at, "id": id}
    if journey:
        return hot.OF_JOURNEY_AFTER if after else hot.OF_JOURNEY, given | {"journey": journey}
    if kinds or channel:
        wanted = list(kinds or IN_CHANNELS)
        if set(wanted).isdisjoint(hot.FREQUENT):
            statement = hot.RARE_AFTER if after else hot.RARE
        else:
            statement = hot.NARROWED_AFTER if after else hot.NARROWED
        return statement, given | {"kinds": wanted, "channel": channel}
    return hot.AFTER if after else hot.BEFORE, given


def line(
    actor: Actor, people: Sequence[int], before: Position | None = None, limit: int = 50, **narrowed: Any
) -> list[Moment]:
    """The newest moments of a person under all their ids, or those before a position (occurred_at, id).

    With `after` those that follow a position, the oldest of them first. Moments of an inbox need that inbox and
    `conversations.view`; those of no inbox need `customers.view`. With `kinds` or a `channel` only such moments, with a
    `journey` only what belongs to it; of the kinds all when none is named.
    """
    statement, given = page(actor, people, before, limit, **narrowed)
    return [row.moment() for row in statement.all(**given)]


async def aline(conn: psycopg.AsyncConnection[Any], actor: Actor, people: Sequence[int], **wanted: Any) -> list[Moment]:
    """The same, awaited."""
    statement, given = page(actor, people, **wanted)
    return [row.moment() for row in await statement.aall(conn, **given)]


def said(
    moments: Iterable[Position], path: Sequence[str], *, most: int = LONGEST_FACT
) -> Iterator[tuple[uuid.UUID, str]]:
    """What these moments say under a name, as far as it is one plain value; erased facts are not there.

    For rooms that group moments by it, of which the viewer has been found to see each.
    """
    left = iter(moments)
    while piece := list(islice(left, PIECE)):
        times, ids = zip(*piece, strict=True)
        for row in hot.SAID.all(times=list(times), ids=list(ids), path=list(path), most=most):
            yield uuid.UUID(row.id), row.fact


def parked() -> list[Trouble]:
    """What subscribers could not take, the oldest first; for whoever runs the installation."""
    return [
        Trouble(row.subscriber, row.touchpoint_id, row.at, row.error)
        for row in Parked.objects.exclude(error="").order_by("id")[:1000]
    ]
