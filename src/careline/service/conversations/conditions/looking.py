"""Conversations as conditions see them: many at once in as many statements as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from careline import touchpoints
from careline.accounts import open_hours
from careline.kit import clock
from careline.kit.statement import Statement
from careline.service.conversations.conditions.shapes import Subject
from careline.touchpoints import feelings
from careline.touchpoints import queries as line

# Of what the customer wrote: so many messages, so much of each.
MESSAGES, LETTERS = 20, 4000
# So many of the words that were weighed.
WEIGHED = 60


class _Row(msgspec.Struct, frozen=True):
    id: int
    person: int
    inbox: int
    channel: str
    language: str
    state: str
    waiting_on: str
    priority: int
    tags: list[str]
    team: int | None
    assignee: int | None
    subject: str
    text: str
    own: str
    theirs: str
    traits: str
    segments: list[int]
    opened_at: datetime
    active_at: datetime
    is_marked: bool


# Of several ids that are one customer the one that stands for them speaks first; of their traits the latest holds.
_ROWS = Statement(
    """SELECT c.id, r.id, c.inbox_id, c.channel, coalesce(nullif(r.language, ''), p.language), c.state, c.waiting_on,
  c.priority, c.tags, c.team_id, c.assignee_id, c.subject, coalesce(w.text, ''), c.attributes::text,
  (p.attributes || r.attributes)::text, (coalesce(v.traits, '{}') || coalesce(t.traits, '{}'))::text,
  ARRAY(SELECT m.segment_id FROM customers_segmentmember m WHERE m.person_id = r.id),
  c.opened_at, c.active_at, c.mark IS NOT NULL
FROM conversations_conversation c
JOIN customers_person p ON p.id = c.person_id JOIN customers_person r ON r.id = coalesce(p.canonical_id, p.id)
LEFT JOIN LATERAL (
  SELECT string_agg(left(m.body, %(letters)s::int), chr(10) ORDER BY m.seq) AS text FROM (
    SELECT body, seq FROM conversations_message WHERE conversation_id = c.id AND kind = 'incoming'
    ORDER BY seq DESC LIMIT %(messages)s::int) m) w ON true
LEFT JOIN LATERAL (
  SELECT jsonb_object_agg(t.name, t.value ORDER BY t.at, t.id) AS traits FROM customers_trait t
  WHERE t.person_id = r.id OR t.person_id IN (SELECT j.id FROM customers_person j WHERE j.canonical_id = r.id)
  ) t ON true
LEFT JOIN LATERAL (
  SELECT jsonb_object_agg(d.name, x.value) AS traits FROM customers_computedvalue x
  JOIN customers_computedtrait d ON d.id = x.trait_id WHERE x.person_id = r.id) v ON true
WHERE c.id = ANY(%(ids)s::bigint[])""",
    _Row,
)


def subjects(ids: Collection[int], *, at: datetime | None = None) -> dict[int, Subject]:
    """As they are now; `at` is what time it is taken to be. Whoever is not there is left out."""
    if not ids:
        return {}
    at = at or clock.now()
    rows = _ROWS.all(ids=sorted(ids), letters=LETTERS, messages=MESSAGES)
    hours, felt = open_hours.of(), _felt(ids)
    works = {place: hours.of(*place).is_open(at) for place in {(row.inbox, row.team) for row in rows}}
    return {row.id: _subject(row, at, works[row.inbox, row.team], felt.get(row.id)) for row in rows}


def _subject(row: _Row, at: datetime, is_open: bool, feeling: int | None) -> Subject:
    decoded: dict[str, Any] = msgspec.json.decode(row.theirs) | msgspec.json.decode(row.own)
    return Subject(
        id=row.id, at=at, person=row.person, inbox=row.inbox, channel=row.channel, language=row.language,
        state=row.state, waiting_on=row.waiting_on, priority=row.priority, tags=tuple(row.tags), team=row.team,
        assignee=row.assignee, subject=row.subject, text=row.text, attributes=decoded,
        traits=msgspec.json.decode(row.traits), segments=frozenset(row.segments), is_open=is_open,
        opened_at=row.opened_at, active_at=row.active_at, feeling=feeling, is_marked=row.is_marked,
    )  # fmt: skip


def _felt(ids: Collection[int]) -> dict[int, int | None]:
    scores: dict[int, list[float]] = defaultdict(list)
    moments: list[touchpoints.Moment] = line.of_journeys(
        [f"conversation:{one}" for one in sorted(ids)], kinds=["message.weighed"], limit=WEIGHED
    )
    for moment in moments:
        scores[moment.facts["conversation"]].append(float(moment.facts["score"]))
    return {conversation: feelings.of_words(found) for conversation, found in scores.items()}
