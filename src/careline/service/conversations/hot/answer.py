"""Somebody answers what we asked: it stands in the thread, and neither opens it again nor counts as a contact."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from careline.accounts.actor import Actor
from careline.channels import expecting
from careline.channels.expecting import Choice, Expects
from careline.kit.statement import Statement
from careline.service.conversations.hot import words
from careline.service.conversations.hot.pieces import MESSAGE, MOMENT
from careline.service.conversations.hot.shapes import Placed, Said


class Asked(msgspec.Struct, frozen=True):
    """A question of ours in a thread. `expects` as JSON; `answer` is given once."""

    id: uuid.UUID
    conversation_id: int
    expects: str | None
    is_answered: bool
    at: datetime


_OF = """conversations_message q JOIN conversations_conversation c ON c.id = q.conversation_id
JOIN customers_person p ON p.id = c.person_id
WHERE q.id = %(asked)s::uuid AND q.kind = 'system' AND q.event->>'verb' = 'asked'
  AND c.inbox_id = ANY(%(inboxes)s::bigint[]) AND c.state NOT IN ('spam', 'trash')
  AND c.person_id = ANY(%(people)s::bigint[])"""

ASKED = Statement(
    f"SELECT q.id, c.id, (q.event->'expects')::text, q.event->'answer' IS NOT NULL, q.occurred_at FROM {_OF}", Asked
)

# Whoever answers twice at once waits, and then finds it answered.
ANSWER = Statement(
    f"""WITH asked AS (
  SELECT q.id, c.id AS conversation_id, q.event, p.name FROM {_OF} AND q.event->'answer' IS NULL
  FOR KEY SHARE OF p FOR UPDATE OF c, q),
marked AS (
  UPDATE conversations_message q
  SET event = q.event || jsonb_build_object('answer', jsonb_build_object('value', %(value)s::text, 'message',
    %(message)s::uuid))
  FROM asked a WHERE q.id = a.id),
moved AS (
  UPDATE conversations_conversation c SET last_seq = c.last_seq + 1, shared_seq = c.shared_seq + 1, asked_id = NULL
  FROM asked a WHERE c.id = a.conversation_id
  RETURNING c.id, c.inbox_id, c.person_id, c.channel, c.last_seq, c.shared_seq, c.state, a.name, a.event),
message AS (
  {MESSAGE}
  SELECT %(message)s::uuid, m.id, m.inbox_id, m.last_seq, m.shared_seq, 'incoming', %(body)s::text, NULL, 'customer',
    m.person_id, m.name, m.channel, %(external)s::text, %(client)s::text, '', %(at)s::timestamptz
  FROM moved m),
raw AS (
  INSERT INTO channels_inbound (inbox_id, external_key, raw, headers, received_at, person_id, state)
  SELECT m.inbox_id, m.person_id || ':' || %(client)s, %(raw)s::bytea, '{{}}', %(at)s, m.person_id, 'taken'
  FROM moved m
  WHERE %(raw)s IS NOT NULL),
key AS (
  INSERT INTO files_personkey (person_id, sealed_key)
  SELECT m.person_id, %(key)s::bytea FROM moved m WHERE %(key)s IS NOT NULL ON CONFLICT DO NOTHING),
moment AS (
  {MOMENT}
  SELECT %(received_id)s::uuid, 'reply.expected', 1, m.person_id, m.inbox_id, 'customer', m.person_id,
    'conversation:' || m.id, 'conversation:' || m.id, %(at)s, now(),
    jsonb_build_object('conversation', m.id, 'message', %(message)s, 'seq', m.last_seq, 'channel', m.channel,
      'preview', %(preview)s::text, 'outbound', m.event->'outbound', 'expects', m.event->'expects'->>'about',
      'value', %(value)s)
  FROM moved m)
SELECT id, %(message)s, last_seq, shared_seq, inbox_id, person_id, 'incoming', '', %(at)s, false, false, channel, name,
  state
FROM moved""",
    Said,
)


def question(found: Asked | None) -> Expects | None:
    """What it asks, while nothing was answered."""
    if found is None or found.is_answered or found.expects is None:
        return None
    return msgspec.json.decode(found.expects, type=Expects)


def understood(found: Asked | None, body: str) -> Choice | None:
    """What was typed as the answer to it; None when it is about something else."""
    asked = question(found)
    return None if found is None or asked is None else expecting.matches(asked, body, asked_at=found.at)


def tapped(found: Asked | None, value: str) -> Choice | None:
    asked = question(found)
    return None if asked is None else expecting.tapped(asked, value)


def given(
    found: Asked,
    choice: Choice,
    body: str,
    *,
    actor: Actor,
    people: Sequence[int],
    raw: bytes | None = None,
    placed: Placed | None = None,
    **spoken: Any,
) -> dict[str, Any]:
    """Parameters of ANSWER. `people`: every id that is whoever answers. A tap says what stands on its button."""
    further = words.further_words(
        actor=actor, conversation_id=found.conversation_id, body=body or choice.label, raw=raw, placed=placed, **spoken
    )
    return further | {"asked": found.id, "people": list(people), "value": choice.value}
