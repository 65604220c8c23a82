"""We speak: a reply goes to the customer, a note stays in the house."""

from __future__ import annotations

from careline.kit.statement import Statement
from careline.service.conversations.hot.pieces import MESSAGE, MOMENT, SEEN
from careline.service.conversations.hot.shapes import Refusal, Said

# A bot's words leave the conversation with whoever has it, are no first answer, and nobody has seen it by them.
_BY_BOT = "%(author_kind)s::text = 'bot'"
# An inbox whose answers are fetched has sent them once they are written; the others put them into the outbox.
REPLY = Statement(
    f"""WITH moved AS (
  UPDATE conversations_conversation c SET last_seq = c.last_seq + 1, shared_seq = c.shared_seq + 1,
    seen_seq = CASE WHEN {_BY_BOT} THEN c.seen_seq ELSE c.last_seq + 1 END,
    active_at = greatest(c.active_at, %(at)s::timestamptz), waiting_on = 'customer',
    handled_by = CASE WHEN {_BY_BOT} THEN c.handled_by ELSE 'agent' END,
    first_replied_at = CASE WHEN {_BY_BOT} THEN c.first_replied_at ELSE coalesce(c.first_replied_at, %(at)s) END,
    preview = %(preview)s::text,
    preview_by = 'us'
  FROM channels_inbox i
  WHERE c.id = %(conversation)s::bigint AND {SEEN} AND i.id = c.inbox_id
    AND c.state NOT IN ('spam', 'trash')
  RETURNING c.id, c.inbox_id, c.person_id, c.channel, c.last_seq, c.shared_seq, i.delivery),
message AS (
  {MESSAGE}
  SELECT %(message)s::uuid, m.id, m.inbox_id, m.last_seq, m.shared_seq, 'reply', %(body)s::text, %(event)s::jsonb,
    %(author_kind)s::text, %(author_id)s::bigint, %(author_name)s::text, m.channel, NULL, %(client)s::text,
    CASE m.delivery WHEN 'pull' THEN 'sent' ELSE 'queued' END, %(at)s
  FROM moved m),
leaving AS (
  INSERT INTO channels_outbox (inbox_id, message_id, message_kind, person_id, recipient, payload, next_attempt_at,
    created_at, updated_at)
  SELECT m.inbox_id, %(message)s, 'reply', m.person_id, '',
    jsonb_build_object('text', %(body)s, 'conversation', m.id, 'attachments', %(files)s::jsonb), %(at)s, %(at)s,
    %(at)s
  FROM moved m WHERE m.delivery = 'push'),
moment AS (
  {MOMENT}
  SELECT %(moment)s::uuid, 'message.sent', 1, m.person_id, m.inbox_id, %(actor_kind)s::text, %(actor_id)s::bigint,
    'conversation:' || m.id, 'conversation:' || m.id, %(at)s, now(),
    jsonb_build_object('conversation', m.id, 'message', %(message)s, 'seq', m.last_seq, 'channel', m.channel,
      'preview', %(preview)s)
  FROM moved m)
SELECT id, %(message)s, last_seq, shared_seq, inbox_id, person_id, 'reply',
  CASE delivery WHEN 'pull' THEN 'sent' ELSE 'queued' END, %(at)s, false, false, channel FROM moved""",
    Said,
)

NOTE = Statement(
    f"""WITH moved AS (
  UPDATE conversations_conversation c SET last_seq = c.last_seq + 1,
    seen_seq = CASE WHEN {_BY_BOT} THEN c.seen_seq ELSE c.last_seq + 1 END,
    active_at = greatest(c.active_at, %(at)s::timestamptz), preview = %(preview)s::text, preview_by = 'note'
  WHERE c.id = %(conversation)s::bigint AND {SEEN}
  RETURNING c.id, c.inbox_id, c.person_id, c.channel, c.last_seq),
message AS (
  {MESSAGE}
  SELECT %(message)s::uuid, m.id, m.inbox_id, m.last_seq, NULL, 'note', %(body)s::text, NULL, %(author_kind)s::text,
    %(author_id)s::bigint, %(author_name)s::text, m.channel, NULL, %(client)s::text, '', %(at)s
  FROM moved m),
moment AS (
  {MOMENT}
  SELECT %(moment)s::uuid, 'message.noted', 1, m.person_id, m.inbox_id, %(actor_kind)s::text, %(actor_id)s::bigint,
    'conversation:' || m.id, 'conversation:' || m.id, %(at)s, now(),
    jsonb_build_object('conversation', m.id, 'message', %(message)s, 'seq', m.last_seq, 'channel', m.channel,
      'preview', %(preview)s)
  FROM moved m)
SELECT id, %(message)s, last_seq, NULL::int, inbox_id, person_id, 'note', '', %(at)s, false, false, channel
FROM moved""",
    Said,
)

WHY_NOT = Statement(
    f"SELECT c.state FROM conversations_conversation c WHERE c.id = %(conversation)s::bigint AND {SEEN}",
    Refusal,
)
