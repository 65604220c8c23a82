"""What a decision reads and writes of its own, in one statement each: nothing here walks the log."""

from __future__ import annotations

from datetime import datetime

import msgspec

from careline.kit.statement import Statement


class Known(msgspec.Struct, frozen=True):
    """A person under all their ids, none when somebody else stands for them now.

    `rules` are those around the purpose, as JSON; `attempt` is the newest under the key, 0 for none; `held_until` says
    nothing where a hold has no end.
    """

    ids: list[int]
    erased: bool
    blocked: bool
    zone: str
    house_zone: str
    held: bool
    held_until: datetime | None
    refused: bool
    addresses: list[str]
    rules: str
    attempt: int


class Written(msgspec.Struct, frozen=True):
    id: int


# Each limit walks the person's own stretch of what was allowed, newest first, and no further than it allows. With as
# many as it allows it tells the oldest of them: the one that has to grow old before there is room.
_USED = """SELECT count(*) AS used, min(l.at) AS oldest FROM (
      SELECT s.at FROM contact_decision s
      WHERE s.person_id = ANY(ARRAY(SELECT id FROM people)) AND s.allowed AND s.purpose <> ALL(%(answers)s::text[])
        AND s.at > %(at)s::timestamptz - (c.cap->>'hours')::int * interval '1 hour'
        AND (r.name = %(any)s::text OR s.purpose = r.name OR starts_with(s.purpose, r.name || '/'))
        AND (c.cap->>'channel' = '' OR s.channel = c.cap->>'channel')
      ORDER BY s.at DESC LIMIT (c.cap->>'most')::int) l"""

KNOWN = Statement(
    f"""WITH people AS MATERIALIZED (
  SELECT id, zone, erased_at, blocked_at FROM customers_person
  WHERE (id = %(root)s::bigint AND canonical_id IS NULL) OR canonical_id = %(root)s::bigint),
holds AS MATERIALIZED (
  SELECT h.until FROM contact_hold h
  WHERE h.person_id = ANY(ARRAY(SELECT id FROM people)) AND h.released_at IS NULL
    AND (h.until IS NULL OR h.until > %(at)s::timestamptz))
SELECT ARRAY(SELECT id FROM people ORDER BY id),
  EXISTS (SELECT FROM people WHERE erased_at IS NOT NULL), EXISTS (SELECT FROM people WHERE blocked_at IS NOT NULL),
  coalesce((SELECT zone FROM people WHERE zone <> '' ORDER BY id <> %(root)s::bigint, id LIMIT 1), ''),
  coalesce((SELECT zone FROM accounts_organization LIMIT 1), ''),
  EXISTS (SELECT FROM holds),
  (SELECT CASE WHEN count(*) = count(until) THEN max(until) END FROM holds),
  EXISTS (
    SELECT FROM customers_consent t
    WHERE t.person_id = ANY(ARRAY(SELECT id FROM people)) AND NOT t.given AND t.purpose = ANY(%(names)s::text[])),
  ARRAY(
    SELECT i.value FROM customers_identity i
    WHERE i.person_id = ANY(ARRAY(SELECT id FROM people)) AND i.kind = ANY(%(kinds)s::text[]) ORDER BY i.id),
  coalesce((
    SELECT jsonb_agg(jsonb_build_object('name', r.name, 'label', r.label, 'priority', r.priority, 'talks', r.talks,
      'quiet_from', r.quiet_from, 'quiet_to', r.quiet_to, 'quiet_days', r.quiet_days, 'promise_days', r.promise_days,
      'caps', coalesce((
        SELECT jsonb_agg(c.cap || jsonb_build_object('used', d.used, 'oldest', d.oldest) ORDER BY c.place)
        FROM jsonb_array_elements(r.caps) WITH ORDINALITY AS c(cap, place) CROSS JOIN LATERAL ({_USED}) d
        WHERE c.cap->>'channel' IN ('', %(channel)s::text)), '[]'))
      ORDER BY array_position(%(chain)s::text[], r.name))
    FROM contact_scope r WHERE r.name = ANY(%(chain)s::text[]))::text, '[]'),
  coalesce((SELECT max(k.attempt)::int FROM contact_decision k WHERE k.key = %(key)s::text), 0)""",
    Known,
)

# Nothing comes back when somebody else has used the key meanwhile.
WRITE = Statement(
    """INSERT INTO contact_decision (key, attempt, person_id, purpose, channel, allowed, reason, terms, retry_at, at)
VALUES (%(key)s::text, %(attempt)s::smallint, %(person)s::bigint, %(purpose)s::text, %(channel)s::text,
  %(allowed)s::boolean, %(reason)s::text, %(terms)s::text::jsonb, %(retry_at)s::timestamptz, %(at)s::timestamptz)
ON CONFLICT (key, attempt) DO NOTHING RETURNING id""",
    Written,
)
