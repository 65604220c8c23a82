"""The one statement whose cost could grow with the log: how much of each limit is used."""

from __future__ import annotations

from datetime import datetime

import msgspec

from careline.kit.statement import Statement


class Used(msgspec.Struct, frozen=True):
    """Of the limit at this place of those given: how many count, at most as many as it allows, and when the one was
    that has to grow old before there is room; with fewer than it allows it says nothing."""

    place: int
    count: int
    at: datetime | None


# Each limit walks its own stretch of the person's allowed decisions, newest first, and no further than it allows.
USED = Statement(
    """SELECT c.place::int, (count(d.at))::int, min(d.at)
FROM unnest(%(scopes)s::text[], %(channels)s::text[], %(since)s::timestamptz[], %(most)s::int[])
  WITH ORDINALITY AS c(scope, channel, since, most, place)
LEFT JOIN LATERAL (
  SELECT s.at FROM contact_decision s
  WHERE s.person_id = ANY(%(people)s::bigint[]) AND s.allowed AND s.at > c.since AND s.purpose <> %(answer)s::text
    AND (c.scope = %(any)s::text OR s.purpose = c.scope OR starts_with(s.purpose, c.scope || '/'))
    AND (c.channel = '' OR s.channel = c.channel)
  ORDER BY s.at DESC LIMIT c.most) d ON true
GROUP BY c.place ORDER BY c.place""",
    Used,
)
