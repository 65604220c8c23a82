"""The limits a hot verb is held against, behind the same HTTP door and authorization: one INSERT a request, and one
hand-written statement that writes the same rows and does nothing else."""

from __future__ import annotations

from typing import Any

import msgspec
import psycopg

from careline.accounts.actor import Actor
from careline.kit import clock, ids

Connection = psycopg.AsyncConnection[Any]


class Asked(msgspec.Struct):
    body: str
    inbox_id: str = ""
    customer: dict[str, str] = {}
    subject: str = ""


_asked = msgspec.json.Decoder(Asked)

INSERT = b"INSERT INTO bench_row (body) VALUES ($1) RETURNING id"
CREATE = b"""WITH person AS (
  INSERT INTO customers_person (name, search) VALUES ($1::text, $1) RETURNING id),
identity AS (
  INSERT INTO customers_identity (person_id, kind, scope, value, original, verified)
  SELECT id, 'email', '', $2::text, $2, false FROM person),
opened AS (
  INSERT INTO conversations_conversation (inbox_id, person_id, channel, subject, last_seq, shared_seq, heard_seq,
    preview)
  SELECT $3::bigint, id, 'api', $4::text, 1, 1, 1, left($5::text, 120) FROM person RETURNING id, person_id),
message AS (
  INSERT INTO conversations_message (id, conversation_id, inbox_id, seq, shared_seq, kind, body, author_kind, author_id,
    author_name, channel)
  SELECT $6::uuid, id, $3, 1, 1, 'incoming', $5, 'customer', person_id, $1, 'api' FROM opened),
moments AS (
  INSERT INTO touchpoints_touchpoint (id, kind, version, person_id, inbox_id, actor_kind, actor_id, source, journey,
    occurred_at, recorded_at, facts)
  SELECT m.id, m.kind, 1, o.person_id, $3, 'customer', o.person_id, 'conversation:' || o.id, 'conversation:' || o.id,
    $9::timestamptz, $9, jsonb_build_object('conversation', o.id, 'message', $6, 'preview', left($5, 120))
  FROM opened o, (VALUES ($7::uuid, 'conversation.opened'), ($8::uuid, 'message.received')) AS m (id, kind))
SELECT id FROM opened"""
REPLY = b"""WITH moved AS (
  UPDATE conversations_conversation SET last_seq = last_seq + 1, shared_seq = shared_seq + 1, seen_seq = last_seq + 1,
    active_at = $2::timestamptz, waiting_on = 'customer', preview = left($3::text, 120), preview_by = 'us'
  WHERE id = $1::bigint RETURNING id, inbox_id, person_id, last_seq, shared_seq),
message AS (
  INSERT INTO conversations_message (id, conversation_id, inbox_id, seq, shared_seq, kind, body, author_kind, author_id,
    author_name, channel, status)
  SELECT $4::uuid, id, inbox_id, last_seq, shared_seq, 'reply', $3, 'agent', $5::bigint, 'Owner', 'api', 'sent'
  FROM moved)
INSERT INTO touchpoints_touchpoint (id, kind, version, person_id, inbox_id, actor_kind, actor_id, source, journey,
  occurred_at, recorded_at, facts)
SELECT $6::uuid, 'message.sent', 1, person_id, inbox_id, 'agent', $5, 'conversation:' || id, 'conversation:' || id,
  $2, $2, jsonb_build_object('conversation', id, 'message', $4, 'preview', left($3, 120)) FROM moved RETURNING 1"""
LIST = b"""SELECT c.id, c.inbox_id, c.person_id, p.name, c.channel, c.subject, c.state, c.waiting_on, c.priority,
  c.tags, c.assignee_id, a.name, c.opened_at, c.active_at, c.last_seq, c.preview
FROM (SELECT * FROM conversations_conversation WHERE state = 'open' AND inbox_id = $1::bigint
  ORDER BY active_at DESC, id DESC LIMIT 50) c
JOIN customers_person p ON p.id = c.person_id LEFT JOIN accounts_agent a ON a.id = c.assignee_id
ORDER BY c.active_at DESC, c.id DESC"""


async def _ran(conn: Connection, statement: bytes, *given: Any) -> list[tuple[Any, ...]]:
    async with psycopg.AsyncRawCursor(conn) as cursor:
        await cursor.execute(statement, given, prepare=True, binary=True)
        return await cursor.fetchall()


async def insert(conn: Connection, actor: Actor, path: str, body: bytes) -> bytes:
    [(made,)] = await _ran(conn, INSERT, _asked.decode(body).body)
    return msgspec.json.encode({"id": str(made)})


async def create(conn: Connection, actor: Actor, path: str, body: bytes) -> bytes:
    asked = _asked.decode(body)
    now = clock.now()
    [(made,)] = await _ran(
        conn, CREATE, asked.customer["name"], asked.customer["email"], int(asked.inbox_id), asked.subject, asked.body,
        ids.uuid7(), ids.uuid7(), ids.uuid7(), now,
    )  # fmt: skip
    return msgspec.json.encode({"id": str(made), "subject": asked.subject, "body": asked.body})


async def reply(conn: Connection, actor: Actor, path: str, body: bytes) -> bytes:
    asked = _asked.decode(body)
    message = ids.uuid7()
    number = int(path.rsplit("/", 1)[1])
    await _ran(conn, REPLY, number, clock.now(), asked.body, message, actor.agent_id, ids.uuid7())
    return msgspec.json.encode({"id": str(message), "body": asked.body})


async def listed(conn: Connection, actor: Actor, path: str, body: bytes) -> bytes:
    rows = await _ran(conn, LIST, int(path.rsplit("/", 1)[1]))
    return msgspec.json.encode(rows)


DOORS = {"insert": insert, "create": create, "reply": reply, "list": listed}
