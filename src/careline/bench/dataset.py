"""N conversations to measure among: N/5 customers, three messages each, the first conversation with fifty.

Forty words a message from three thousand made-up ones, Zipf; a common word in one message of ten and a rare one in
every thousandth conversation. Written by the database itself, in the shape the hot statements leave behind.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import psycopg

VOWELS, CONSONANTS = "aeiou", "bdfgklmnprstv"
BODIES = 2000
LONG_THREAD = 50
INBOXES = 4


def bodies(seed: int = 11) -> list[str]:
    """Distinct texts; every tenth holds the common word, the first the rare one."""
    chance = random.Random(seed)
    vocabulary: list[str] = []
    while len(vocabulary) < 3000:
        word = "".join(chance.choice(CONSONANTS) + chance.choice(VOWELS) for _n in range(chance.choice((2, 3, 3, 4))))
        if word not in vocabulary[-200:]:
            vocabulary.append(word)
    weights = [1 / rank**0.9 for rank in range(1, 3001)]
    texts = []
    for n in range(BODIES):
        words = chance.choices(vocabulary, weights, k=40)
        if n % 10 == 5:
            words[10] = "refund"
        texts.append(" ".join(words).capitalize() + ".")
    return texts


_PEOPLE = """
INSERT INTO customers_person (name, search, first_seen_at)
SELECT first || ' ' || last, lower(first || ' ' || last), now() FROM (
  SELECT (ARRAY['Ana','Ben','Cleo','Dan','Eva','Finn','Gia','Hugo'])[1 + n % 8] AS first,
    (ARRAY['Abel','Brandt','Costa','Duarte','Engel','Farkas','Grau'])[1 + n % 7] AS last
  FROM generate_series(1, %(people)s) n) named;
INSERT INTO customers_identity (person_id, kind, scope, value, original, verified)
SELECT id, 'email', '', 'cust' || id || '@example.org', 'cust' || id || '@example.org', false FROM customers_person
"""
_CONVERSATIONS = """
INSERT INTO conversations_conversation (inbox_id, person_id, channel, subject, state, resolved_at, handled_by,
  waiting_on, assignee_id, opened_at, active_at, last_seq, shared_seq, heard_seq, seen_seq, first_replied_at,
  preview, preview_by)
SELECT (%(inboxes)s::bigint[])[1 + n %% cardinality(%(inboxes)s::bigint[])],
  %(person)s::bigint + (n * 7919::bigint) %% %(people)s, 'api', left((%(bodies)s::text[])[1 + n %% %(texts)s], 40),
  CASE WHEN n %% 10 < 3 THEN 'open' ELSE 'resolved' END,
  CASE WHEN n %% 10 < 3 THEN NULL ELSE at + interval '1 hour' END,
  'agent', 'us', CASE WHEN n %% 20 = 0 THEN %(agent)s::bigint END, at, at + interval '20 minutes', said, said, said,
  said - 1, at + interval '10 minutes', left((%(bodies)s::text[])[1 + n %% %(texts)s], 120), 'customer'
FROM (SELECT n, CASE n WHEN 1 THEN %(long)s ELSE 3 END AS said,
  now() - interval '280 days' + n * (interval '279 days' / %(scale)s) AS at FROM generate_series(%(lo)s, %(hi)s) n) c
ORDER BY n
"""
_MESSAGES = """
INSERT INTO conversations_message (id, conversation_id, inbox_id, seq, shared_seq, kind, body, author_kind, author_id,
  author_name, channel, status, occurred_at)
SELECT gen_random_uuid(), c.id, c.inbox_id, q, q, CASE q %% 2 WHEN 1 THEN 'incoming' ELSE 'reply' END,
  CASE WHEN q = 2 AND c.id %% 1000 = 0 THEN 'zebrafinch ' ELSE '' END
    || (%(bodies)s::text[])[1 + (c.id * 31 + q * 7) %% %(texts)s],
  CASE q %% 2 WHEN 1 THEN 'customer' ELSE 'agent' END, CASE q %% 2 WHEN 1 THEN c.person_id ELSE %(agent)s END, 'Name',
  'api', CASE q %% 2 WHEN 1 THEN '' ELSE 'sent' END, c.opened_at + q * interval '10 minutes'
FROM conversations_conversation c CROSS JOIN LATERAL generate_series(1, c.last_seq) q
WHERE c.id BETWEEN %(from)s AND %(to)s
"""
_MOMENTS = """
INSERT INTO touchpoints_touchpoint (id, kind, version, person_id, inbox_id, actor_kind, actor_id, source, journey,
  occurred_at, recorded_at, facts)
SELECT m.id, CASE m.kind WHEN 'incoming' THEN 'message.received' ELSE 'message.sent' END, 1, c.person_id, c.inbox_id,
  m.author_kind, m.author_id, 'conversation:' || c.id, 'conversation:' || c.id, m.occurred_at, m.occurred_at,
  jsonb_build_object('conversation', c.id, 'message', m.id, 'seq', m.seq, 'channel', 'api',
    'preview', left(m.body, 120))
FROM conversations_conversation c JOIN conversations_message m ON m.conversation_id = c.id
WHERE c.id BETWEEN %(from)s AND %(to)s
"""
STEP = 50_000


def fill(
    conn: psycopg.Connection[tuple[object, ...]],
    *,
    scale: int,
    inboxes: list[int],
    agent: int,
    told: Callable[[str], None],
) -> int:
    """Fill an empty installation; the number of the first conversation, which has fifty messages."""
    texts, people = bodies(), max(1, scale // 5)
    cursor = psycopg.ClientCursor(conn)
    cursor.execute(_PEOPLE.replace("%(people)s", str(people)).replace("%%", "%"))
    first_person = conn.execute("SELECT min(id) FROM customers_person").fetchone()
    given: dict[str, object] = {
        "bodies": texts, "texts": len(texts), "people": people, "scale": scale, "inboxes": inboxes, "agent": agent,
        "long": LONG_THREAD, "person": first_person[0] if first_person else 1,
    }  # fmt: skip
    first = 0
    for lo in range(1, scale + 1, STEP):
        hi = min(scale, lo + STEP - 1)
        cursor.execute(_CONVERSATIONS, given | {"lo": lo, "hi": hi})
        made = conn.execute("SELECT max(id) FROM conversations_conversation").fetchone()
        end = int(str(made[0])) if made else 0
        span = {"from": end - (hi - lo), "to": end}
        first = first or end - (hi - lo)
        cursor.execute(_MESSAGES, given | span)
        cursor.execute(_MOMENTS, given | span)
        conn.commit()
        told(f"{hi:,} of {scale:,} conversations written")
    conn.commit()
    conn.autocommit = True
    conn.execute("VACUUM ANALYZE")
    conn.execute("CHECKPOINT")
    conn.autocommit = False
    return first
