"""Writing one touchpoint and reading a page of a line: the SQL, run by the actions, the queries and the raw doors."""

from __future__ import annotations

import uuid

import msgspec

from careline.kit.statement import Statement
from careline.touchpoints.moments import INTO, READ, Written


class Landed(msgspec.Struct, frozen=True):
    id: uuid.UUID


class Fresh(msgspec.Struct, frozen=True):
    """All of them when it is nothing."""

    ids: list[str] | None


class Said(msgspec.Struct, frozen=True):
    """One plain fact of a moment, as text."""

    id: str
    fact: str


class Journey(msgspec.Struct, frozen=True):
    journey: str


class Point(msgspec.Struct, frozen=True):
    """One of the last points of somebody's line."""

    owner: int
    kind: str
    facts: str
    scores: list[float]
    effort: int


_VALUES = """%(id)s::uuid, %(kind)s::text, %(version)s::smallint, %(person_id)s::bigint, %(agent_id)s::bigint,
  %(inbox_id)s::bigint, %(actor_kind)s::text, %(actor_id)s::bigint, %(source)s::text, %(journey)s::text,
  %(occurred_at)s::timestamptz, %(recorded_at)s::timestamptz, %(facts)s::jsonb"""
INSERT = Statement(f"INSERT INTO {INTO} SELECT {_VALUES} RETURNING id", Landed)
# The table of seen keys decides: of two transactions with one key the second waits for the first, then writes nothing.
INSERT_ONCE = Statement(
    f"""WITH fresh AS (
  INSERT INTO touchpoints_seen (scope, key, touchpoint_id, recorded_at)
  VALUES (%(kind)s, %(key)s::text, %(id)s, %(recorded_at)s) ON CONFLICT DO NOTHING RETURNING touchpoint_id)
INSERT INTO {INTO} SELECT {_VALUES} FROM fresh RETURNING id""",
    Landed,
)
# Nearly always all of them are new, and then none is named.
UNSEEN = Statement(
    """WITH fresh AS (
  INSERT INTO touchpoints_seen (scope, key, touchpoint_id, recorded_at)
  SELECT %(scope)s::text, g.key, g.id, statement_timestamp()
  FROM unnest(%(keys)s::text[], %(ids)s::uuid[]) AS g(key, id)
  ON CONFLICT DO NOTHING RETURNING touchpoint_id)
SELECT CASE WHEN count(*) < cardinality(%(keys)s::text[]) THEN coalesce(array_agg(touchpoint_id::text), '{}') END
FROM fresh""",
    Fresh,
)

# The bound on occurred_at alone is what lets PostgreSQL leave out the months it does not need.
# One short index scan for each id that is the person, merged: a long line costs no more than a short one.
_NEWEST = "ORDER BY occurred_at DESC, id DESC LIMIT %(limit)s::int"
_OLDEST = "ORDER BY occurred_at, id LIMIT %(limit)s::int"
_READ = ", ".join(f"t.{column}" for column in READ)
_OF_PERSON = f"""SELECT {_READ} FROM unnest(%(people)s::bigint[]) AS p(id)
CROSS JOIN LATERAL (
  SELECT * FROM touchpoints_touchpoint
  WHERE person_id = p.id AND (inbox_id = ANY(%(inboxes)s::bigint[]) OR inbox_id IS NULL AND %(beside)s::bool{{partly}})
    {{where}}
  {{order}}) t
{{order}}"""
# For whose role ends at teams: of an inbox what belongs to the conversations they see, and nothing else.
_PARTLY = r"""
    OR inbox_id = ANY(%(parts)s::bigint[]) AND EXISTS (
      SELECT FROM conversations_conversation c
      WHERE journey = 'conversation:' || c.id AND c.id = substring(journey FROM '^conversation:(\d{1,18})$')::bigint
        AND (coalesce(c.team_id, 0) = ANY(%(teams)s::bigint[]) OR c.assignee_id = %(me)s::bigint))"""
# What comes in thousands. Beside everything else it is left out of an index of its own (`touchpoint_story`), which a
# statement is given by saying so.
FREQUENT = ("page.viewed", "screen.viewed", "event.tracked")
_RARE = f"AND kind NOT IN ({', '.join(repr(kind) for kind in FREQUENT)})"
_BEFORE = "AND occurred_at <= %(at)s::timestamptz AND (occurred_at, id) < (%(at)s, %(id)s::uuid)"
_AFTER = "AND occurred_at >= %(at)s::timestamptz AND (occurred_at, id) > (%(at)s, %(id)s::uuid)"
_KINDS = "AND kind = ANY(%(kinds)s::text[]) AND (%(channel)s::text = '' OR facts->>'channel' = %(channel)s)"
_JOURNEY = "AND journey = %(journey)s::text"


# Of each statement about a person the one for whose role ends at teams.
PARTLY: dict[Statement[Written], Statement[Written]] = {}


def _of_person(*rules: str, order: str = _NEWEST) -> Statement[Written]:
    where = " ".join(rules)
    whole, partly = (
        Statement(_OF_PERSON.format(where=where, order=order, partly=rule), Written) for rule in ("", _PARTLY)
    )
    PARTLY[whole] = partly
    return whole


# For rooms that work something out; the kinds are never the frequent ones. What belongs to the talks named.
OF_JOURNEYS = Statement(
    f"""SELECT {_READ} FROM unnest(%(journeys)s::text[]) AS j(name)
CROSS JOIN LATERAL (
  SELECT * FROM touchpoints_touchpoint WHERE journey = j.name AND kind = ANY(%(kinds)s::text[]) {_NEWEST}) t
ORDER BY occurred_at, id""",
    Written,
)
# Of the talks named, those with something a subscriber stands before: in flight as well, once it is committed.
UNHEARD = Statement(
    """SELECT j.name FROM unnest(%(journeys)s::text[]) AS j(name), touchpoints_cursor c
WHERE c.subscriber = %(subscriber)s::text AND EXISTS (
  SELECT FROM touchpoints_touchpoint t
  WHERE t.journey = j.name AND t.kind = ANY(%(kinds)s::text[]) AND (t.xid, t.id) > (c.xid, c.id))""",
    Journey,
)
# Of everybody, for a look back over some weeks: the months before are left out.
OF_KIND = Statement(
    f"""SELECT {_READ} FROM touchpoints_touchpoint t
WHERE occurred_at >= %(since)s::timestamptz AND kind = %(kind)s::text AND person_id IS NOT NULL
  AND (inbox_id IS NULL OR inbox_id = ANY(%(inboxes)s::bigint[])) {_NEWEST}""",
    Written,
)
# The last points of lines, each with the scores of its words and what it has cost: `owners` says whose line each of
# `people` is.
POINTS = Statement(
    f"""SELECT o.owner, t.kind, t.facts::text, w.scores, CASE t.kind WHEN 'conversation.opened' THEN coalesce((
    SELECT (facts->>'effort')::int FROM touchpoints_touchpoint
    WHERE journey = t.journey AND occurred_at >= t.occurred_at AND kind = 'effort.counted'
    ORDER BY occurred_at DESC, id DESC LIMIT 1), 0) ELSE 0 END
FROM (SELECT DISTINCT owner FROM unnest(%(owners)s::bigint[]) AS g(owner)) o
CROSS JOIN LATERAL (
  SELECT n.* FROM unnest(%(people)s::bigint[], %(owners)s::bigint[]) AS p(id, owner)
  CROSS JOIN LATERAL (
    SELECT * FROM touchpoints_touchpoint WHERE person_id = p.id AND kind = ANY(%(kinds)s::text[]) {_RARE} {_NEWEST}) n
  WHERE p.owner = o.owner {_NEWEST}) t
CROSS JOIN LATERAL (
  SELECT coalesce(array_agg(m.score ORDER BY m.occurred_at, m.id), '{{}}') AS scores FROM (
    SELECT (facts->>'score')::float8 AS score, occurred_at, id FROM touchpoints_touchpoint
    WHERE journey = t.journey AND occurred_at >= t.occurred_at AND kind = 'message.weighed'
      AND t.kind = 'conversation.opened'
    ORDER BY occurred_at DESC, id DESC LIMIT 60) m) w
ORDER BY o.owner, t.occurred_at, t.id""",
    Point,
)
# The last of some kinds on each of these lines.
NEWEST_OF_EACH = Statement(
    f"""SELECT {_READ} FROM unnest(%(people)s::bigint[]) AS p(id)
CROSS JOIN LATERAL (
  SELECT * FROM touchpoints_touchpoint WHERE person_id = p.id AND kind = ANY(%(kinds)s::text[]) {_RARE} {_NEWEST}) t
ORDER BY t.occurred_at, t.id""",
    Written,
)
# The same of late alone, so that a long line costs no more than a short one.
LATELY_OF_EACH = Statement(
    f"""SELECT {_READ} FROM unnest(%(people)s::bigint[]) AS p(id)
CROSS JOIN LATERAL (
  SELECT * FROM touchpoints_touchpoint
  WHERE person_id = p.id AND occurred_at > %(since)s::timestamptz AND kind = ANY(%(kinds)s::text[]) {_RARE} {_NEWEST}) t
ORDER BY t.occurred_at, t.id""",
    Written,
)
NEWEST = _of_person()
BEFORE = _of_person(_BEFORE)
AFTER = _of_person(_AFTER, order=_OLDEST)
NARROWED = _of_person(_BEFORE, _KINDS)
NARROWED_AFTER = _of_person(_AFTER, _KINDS, order=_OLDEST)
RARE = _of_person(_BEFORE, _KINDS, _RARE)
RARE_AFTER = _of_person(_AFTER, _KINDS, _RARE, order=_OLDEST)
OF_JOURNEY = _of_person(_BEFORE, _JOURNEY)
OF_JOURNEY_AFTER = _of_person(_AFTER, _JOURNEY, order=_OLDEST)

# Each by its key; what is no text, number or yes and no is nothing to group by.
SAID = Statement(
    """SELECT t.id::text, left(t.facts #>> %(path)s::text[], %(most)s::int)
FROM unnest(%(times)s::timestamptz[], %(ids)s::uuid[]) AS m(occurred_at, id)
JOIN touchpoints_touchpoint t ON t.occurred_at = m.occurred_at AND t.id = m.id
WHERE jsonb_typeof(t.facts #> %(path)s) IN ('string', 'number', 'boolean')""",
    Said,
)
