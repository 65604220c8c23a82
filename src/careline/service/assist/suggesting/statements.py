"""What suggesting reads and learns by: one statement a look, the inboxes of the viewer a parameter."""

from __future__ import annotations

import uuid
from datetime import datetime

import msgspec

from careline.kit.statement import Statement


class Exchange(msgspec.Struct, frozen=True):
    """A reply, and what the customer had said since the one before it."""

    message_id: uuid.UUID
    conversation_id: int
    inbox_id: int
    person_id: int
    asked: str
    reply: str
    agent: str
    customer: str
    language: str
    known: list[str]
    source: str
    said_at: datetime


EXCHANGES = Statement(
    """SELECT m.id, m.conversation_id, m.inbox_id, c.person_id, a.words, m.body, m.author_name, p.name, p.language,
  ARRAY(SELECT unnest(ARRAY[i.value, i.original]) FROM customers_identity i
    WHERE i.person_id = p.id AND i.kind <> 'visitor'),
  coalesce((SELECT u.source || ':' || u.item FROM assist_use u
    WHERE u.message_id = m.id AND u.act IN ('taken', 'edited') AND u.source <> 'answer'
    ORDER BY u.act DESC, u.id LIMIT 1), ''),
  m.occurred_at
FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id
JOIN customers_person p ON p.id = c.person_id
CROSS JOIN LATERAL (SELECT string_agg(i.body, E'\\n' ORDER BY i.seq) AS words FROM (
  SELECT body, seq FROM conversations_message WHERE conversation_id = m.conversation_id AND kind = 'incoming'
    AND seq < m.seq AND seq > coalesce((SELECT max(r.seq) FROM conversations_message r
      WHERE r.conversation_id = m.conversation_id AND r.kind = 'reply' AND r.author_kind = 'agent'
        AND r.seq < m.seq), 0)
  ORDER BY seq DESC LIMIT 3) i) a
WHERE m.id = ANY(%(ids)s::uuid[]) AND m.kind = 'reply' AND m.author_kind = 'agent' AND a.words IS NOT NULL
  AND c.state NOT IN ('spam', 'trash') ORDER BY m.id""",
    Exchange,
)


class Kept(msgspec.Struct, frozen=True):
    id: int
    inbox_id: int
    language: str
    vector: bytes


VECTORS = Statement(
    """SELECT id, inbox_id, language, vector FROM assist_answered
WHERE id > %(after)s::bigint AND vector IS NOT NULL AND model_id = %(model)s::text ORDER BY id LIMIT %(limit)s::int""",
    Kept,
)


class Number(msgspec.Struct, frozen=True):
    n: int


LAST_VECTOR = Statement(
    """SELECT coalesce((SELECT id FROM assist_answered WHERE vector IS NOT NULL AND model_id = %(model)s::text
ORDER BY id DESC LIMIT 1), 0)""",
    Number,
)
VECTORS_THERE = Statement(
    "SELECT count(*) FROM assist_answered WHERE vector IS NOT NULL AND model_id = %(model)s::text", Number
)


class Reply(msgspec.Struct, frozen=True):
    id: int
    conversation_id: int
    reply: str
    source: str
    said_at: datetime


# The viewer's inboxes once more: memory may be behind.
REPLIES = Statement(
    """SELECT id, conversation_id, reply, source, said_at FROM assist_answered
WHERE id = ANY(%(ids)s::bigint[]) AND inbox_id = ANY(%(inboxes)s::bigint[])
  AND conversation_id <> %(conversation)s::bigint""",
    Reply,
)


class Stored(msgspec.Struct, frozen=True):
    id: int
    name: str
    body: str
    vector: bytes | None
    model_id: str


SAVED = Statement(
    """SELECT id, name, body, vector, model_id FROM assist_saved
WHERE language = %(language)s::text AND (inbox_ids = '{}' OR %(inbox)s::bigint = ANY(inbox_ids)) ORDER BY id""",
    Stored,
)


class Named(msgspec.Struct, frozen=True):
    id: int
    name: str
    body: str
    language: str


# By name; in any language.
KEPT = Statement(
    """SELECT id, name, body, language FROM assist_saved
WHERE inbox_ids = '{}' OR %(inbox)s::bigint = ANY(inbox_ids) ORDER BY lower(name), id""",
    Named,
)


class Fared(msgspec.Struct, frozen=True):
    """How often it was taken, taken and edited, put away; item 0 is all of its kind, lately."""

    source: str
    item: int
    taken: int
    edited: int
    dismissed: int
    here: bool


# `here`: it was put away in this very conversation.
FARED = Statement(
    """WITH lately AS (SELECT source, item, act FROM assist_use WHERE act <> 'passed' ORDER BY id DESC LIMIT 2000)
SELECT source, 0::bigint, count(*) FILTER (WHERE act = 'taken'), count(*) FILTER (WHERE act = 'edited'),
  count(*) FILTER (WHERE act = 'dismissed'), false FROM lately GROUP BY source
UNION ALL SELECT u.source, u.item, count(*) FILTER (WHERE u.act = 'taken'), count(*) FILTER (WHERE u.act = 'edited'),
  count(*) FILTER (WHERE u.act = 'dismissed'),
  bool_or(u.act = 'dismissed' AND u.conversation_id = %(conversation)s::bigint)
FROM assist_use u JOIN unnest(%(sources)s::text[], %(items)s::bigint[]) AS w(source, item) USING (source, item)
GROUP BY u.source, u.item""",
    Fared,
)
