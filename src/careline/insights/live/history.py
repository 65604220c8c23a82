"""A day as it was kept by the minute, and who waited or came at a time of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.insights.live import figures, looks
from careline.insights.live.figures import Service
from careline.insights.live.looks import Ended
from careline.insights.live.queries import MOST, seen_by
from careline.kit import clock
from careline.kit.refusals import NotVisible, Refused
from careline.kit.statement import Statement
from careline.service.conversations.models import Conversation
from careline.service.routing.models import Queue, Stay, Waiting

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Stretch(msgspec.Struct, frozen=True):
    """A part of a day: `waiting` at most at once, the longest wait, how many came, and how few and many were ready.

    `kept` are its minutes of which anything was kept; without one nothing is known of it.
    """

    at: datetime
    waiting: int
    longest_s: int
    came: int
    ready_low: int | None
    ready_high: int | None
    kept: int


class Queued(msgspec.Struct, frozen=True):
    """How the waits of a queue ended on a day."""

    queue: int
    name: str
    service: Service


class Day(msgspec.Struct, frozen=True):
    """`until` lies a minute, an hour or the day after `since`. Nobody knows to which queue one who comes will go."""

    day: date
    since: datetime
    until: datetime
    stretches: list[Stretch]
    queues: list[Queued]


# Each minute is added up over what is seen, and of each stretch the most is told.
MINUTES = Statement(
    """SELECT date_bin(%(step)s::interval, m.at, %(since)s::timestamptz), max(m.waiting)::int, max(m.longest)::int,
  sum(m.came)::int, min(m.ready)::int, max(m.ready)::int, count(m.ready)::int
FROM (SELECT at, coalesce(sum(waiting) FILTER (WHERE inbox_id > 0), 0) AS waiting,
    coalesce(max(longest_s) FILTER (WHERE inbox_id > 0), 0) AS longest,
    coalesce(sum(arrived) FILTER (WHERE inbox_id > 0), 0) AS came, max(ready) FILTER (WHERE inbox_id = 0) AS ready
  FROM insights_minute WHERE at >= %(since)s::timestamptz AND at < %(until)s::timestamptz
    AND (inbox_id = 0 OR inbox_id = ANY(%(inboxes)s::bigint[]))
    AND (%(queue)s::bigint = 0 OR queue_id IN (0, %(queue)s::bigint)) GROUP BY at) m
GROUP BY 1 ORDER BY 1""",
    Stretch,
)
ENDED = Statement(
    """SELECT queue_id, inbox_id, (count(*) FILTER (WHERE how = 'taken'))::int,
  (count(*) FILTER (WHERE how = 'taken' AND waited <= target))::int, (count(*) FILTER (WHERE how = 'given_up'))::int,
  (count(*) FILTER (WHERE how = 'given_up' AND waited < %(short)s::interval))::int,
  (count(*) FILTER (WHERE how = 'given_up' AND waited <= target))::int, 0, NULL::timestamptz
FROM (SELECT queue_id, inbox_id, how, ended_at - since AS waited, make_interval(secs => target_s) AS target
  FROM routing_stay WHERE ended_at >= %(since)s::timestamptz AND ended_at < %(until)s::timestamptz
    AND inbox_id = ANY(%(inboxes)s::bigint[])) s
GROUP BY 1, 2 ORDER BY 1, 2""",
    Ended,
)


def zone() -> ZoneInfo:
    """The house's: a day is the same for all who argue about it."""
    return ZoneInfo(accounts.organization().zone)


def yesterday() -> date:
    return clock.now().astimezone(zone()).date() - timedelta(days=1)


def day(actor: Actor, wanted: date, *, queue: int | None = None, hour: int | None = None) -> Day:
    """By the hour, or one hour of it by the minute; `hour` is counted from midnight, so that none is lost or double."""
    actor.must("board.view")
    if hour is not None and not 0 <= hour <= 24:
        raise Refused(_("Choose an hour of the day."), field="hour")
    first, last = (_midnight(one) for one in (wanted, wanted + timedelta(days=1)))
    since, until = (first, last) if hour is None else (first + hour * HOUR, min(last, first + (hour + 1) * HOUR))
    inboxes = list(seen_by(actor))
    stretches = MINUTES.all(
        step=HOUR if hour is None else MINUTE, since=since, until=until, inboxes=inboxes, queue=queue or 0
    )
    return Day(wanted, since, until, stretches, _queues(inboxes, since, until, queue))


def _midnight(one: date) -> datetime:
    return datetime.combine(one, time(), zone()).astimezone(UTC)


def queues(actor: Actor) -> list[tuple[int, str]]:
    """Those that are or were, in their order."""
    actor.must("board.view")
    return list(Queue.objects.order_by("position", "pk").values_list("pk", "name"))


def _queues(inboxes: list[int], since: datetime, until: datetime, queue: int | None) -> list[Queued]:
    by_queue: dict[int, list[Ended]] = defaultdict(list)
    for row in ENDED.all(short=looks.SHORT, since=since, until=until, inboxes=inboxes):
        by_queue[row.queue].append(row)
    known = Queue.objects.filter(pk__in=by_queue).order_by("position", "pk")
    return [
        Queued(one.pk, one.name, figures.service(by_queue[one.pk])) for one in known if queue in (None, one.pk)
    ]  # fmt: skip


def behind(actor: Actor, what: str, since: datetime, until: datetime, *, queue: int | None = None) -> list[int]:
    """Conversations that waited at any moment of the time, or came in it; those that waited since longest first."""
    actor.must("board.view")
    talks = Conversation.objects.visible_to(actor)
    match what:
        case "waiting":
            given = {"conversation__in": talks, "since__lt": until} | ({"queue": queue} if queue else {})
            stayed = Stay.objects.filter(**given, ended_at__gt=since).order_by("since", "pk")
            waits = Waiting.objects.filter(**given).order_by("since", "pk")
            rows = [
                *stayed.values_list("since", "conversation_id")[:MOST], *waits.values_list("since", "pk")[:MOST],
            ]  # fmt: skip
            return list(dict.fromkeys(pk for _since, pk in sorted(rows)))[:MOST]
        case "arrived":
            came = talks.filter(opened_at__gte=since, opened_at__lt=until).order_by("opened_at", "pk")
            return list(came.values_list("pk", flat=True)[:MOST])
        case _:
            raise NotVisible(_("There is no such number on the board."))
