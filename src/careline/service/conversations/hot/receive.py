"""A customer speaks: the first words open a conversation, further words join it."""

from __future__ import annotations

from careline.kit.statement import Statement
from careline.service.conversations.hot.pieces import (
    BY_CUSTOMER,
    GIVEN,
    IDS,
    KNOWN,
    KNOWN_TAKEN,
    LETTER,
    MESSAGE,
    MOMENT,
    OWN_IDS,
    OWN_KNOWN,
    OWN_KNOWN_TAKEN,
    SEEN,
)
from careline.service.conversations.hot.shapes import Changed, Placed, Said

# Two racing first messages of one unknown person collide on the identity's unique constraint: the whole statement is
# refused and run again, and then finds the person. A repeated message collides on its own constraint likewise.
# Somebody who is being erased is waited for and then no longer known: the names they had are a new person's.
# What somebody said before they were joined with the known person stands under their old id, which no constraint
# compares: nothing is opened, and AGAIN finds it.
_OPEN = f"""WITH inbox AS (
  SELECT id, kind, bot FROM channels_inbox
  WHERE id = %(inbox)s::bigint AND id = ANY(%(inboxes)s::bigint[]) AND archived_at IS NULL
    {{unheard}}),
{GIVEN},
{{known}},
made AS (
  INSERT INTO customers_person (name, search, first_seen_at)
  SELECT %(name)s::text, %(search)s::text, %(at)s::timestamptz FROM inbox WHERE NOT EXISTS (SELECT FROM known)
  RETURNING id, name),
person AS (
  SELECT id, name, blocked, false AS is_new FROM known UNION ALL SELECT id, name, false, true FROM made),
named AS (
  INSERT INTO customers_identity (person_id, kind, scope, value, original, verified)
  SELECT p.id, g.kind, g.scope, g.value, g.original, %(verified)s::bool AND g.kind = 'external'
  FROM person p, inbox, given g LEFT JOIN LATERAL (
    SELECT 1 AS there FROM customers_identity i
    WHERE i.kind = g.kind AND i.scope = g.scope AND i.value = g.value LIMIT 1) i ON true
  WHERE i.there IS NULL OR p.is_new),
opened AS (
  INSERT INTO conversations_conversation (inbox_id, person_id, channel, subject, state, handled_by, opened_at,
    active_at, last_seq, shared_seq, heard_seq, preview, preview_by{{columns}})
  SELECT i.id, p.id, i.kind, %(subject)s::text, CASE WHEN p.blocked THEN 'spam' ELSE 'open' END,
    CASE WHEN i.bot AND NOT p.blocked THEN 'bot' ELSE 'queue' END, %(at)s, %(at)s, 1, 1, 1,
    %(preview)s::text, 'customer'{{values}}
  FROM inbox i, person p
  WHERE %(client)s::text IS NULL OR NOT EXISTS (
    SELECT FROM customers_person j JOIN conversations_message m ON m.author_id = j.id
    WHERE j.canonical_id = p.id AND m.inbox_id = i.id AND m.author_kind = 'customer' AND m.client_id = %(client)s)
  RETURNING id, inbox_id, person_id, channel, state),
message AS (
  {{message}}
  SELECT %(message)s::uuid, o.id, o.inbox_id, 1, 1, 'incoming', %(body)s::text, NULL, 'customer', o.person_id, p.name,
    o.channel, %(external)s::text, %(client)s::text, '', %(at)s{{letter}}
  FROM opened o, person p),
raw AS (
  INSERT INTO channels_inbound (inbox_id, external_key, raw, headers, received_at, person_id, state)
  SELECT o.inbox_id, o.person_id || ':' || %(client)s, %(raw)s::bytea, '{{{{}}}}', %(at)s, o.person_id, 'taken'
  FROM opened o
  WHERE %(raw)s IS NOT NULL),
key AS (
  INSERT INTO files_personkey (person_id, sealed_key)
  SELECT o.person_id, %(key)s::bytea FROM opened o WHERE %(key)s IS NOT NULL ON CONFLICT DO NOTHING),
moments AS (
  {MOMENT}
  SELECT %(opened_id)s::uuid, 'conversation.opened', 1, o.person_id, o.inbox_id, 'customer',
    o.person_id, 'conversation:' || o.id, 'conversation:' || o.id, %(at)s, now(),
    jsonb_build_object('conversation', o.id, 'channel', o.channel, 'subject', %(subject)s)
  FROM opened o
  UNION ALL
  SELECT %(received_id)s::uuid, 'message.received', 1, o.person_id, o.inbox_id, 'customer',
    o.person_id, 'conversation:' || o.id, 'conversation:' || o.id, %(at)s, now(),
    jsonb_build_object('conversation', o.id, 'message', %(message)s, 'seq', 1, 'channel', o.channel, 'preview',
      %(preview)s, 'first', true)
  FROM opened o)
SELECT o.id, %(message)s, 1, 1, o.inbox_id, o.person_id, 'incoming', '', %(at)s, false, false, o.channel, p.name,
  o.state
FROM opened o, person p"""
_WORDS = {"unheard": "", "columns": "", "values": "", "message": MESSAGE, "letter": ""}
OPEN = Statement(_OPEN.format(known=KNOWN_TAKEN, **_WORDS), Said)
# A letter brings its envelope. Whether it was heard before is asked within, since letters are taken in together and a
# refusal by the constraint would undo them all.
_LETTER = {"message": LETTER, "letter": ", %(letter)s::jsonb"}
_UNHEARD = """AND NOT EXISTS (SELECT FROM conversations_message d
      WHERE d.inbox_id = {inbox} AND d.external_id = %(external)s::text)"""
_NEW = "WHERE one <> ALL (c.participants)"
_KEYS = "ARRAY(SELECT DISTINCT one FROM unnest(%(keys)s::text[]) one {new} ORDER BY one)"
OPEN_LETTER = Statement(
    _OPEN.format(
        known=KNOWN_TAKEN,
        unheard=_UNHEARD.format(inbox="%(inbox)s"),
        columns=", follows_id, participants, copies",
        values=f", %(follows)s::bigint, {_KEYS.format(new='')}, %(copies)s::jsonb",
        **_LETTER,
    ),
    Said,
)

# Words after a resolution or in a snooze open the conversation again; that change takes its own number and line.
# The person is held first, as an erasure does: whoever was waited for is read as they are now.
_HEAR = f"""WITH was AS (
  SELECT c.id, c.state IN ('resolved', 'snoozed') AS reopens, p.name{{written}}
  FROM conversations_conversation c JOIN customers_person p ON p.id = c.person_id
  WHERE c.id = %(conversation)s::bigint AND {SEEN} AND c.state <> 'trash' {{unheard}}
    AND (%(person)s::bigint IS NULL OR %(person)s IN (c.person_id, p.canonical_id))
  FOR KEY SHARE OF p FOR UPDATE OF c),
moved AS (
  UPDATE conversations_conversation c SET
    last_seq = c.last_seq + 1 + w.reopens::int, shared_seq = c.shared_seq + 1,
    heard_seq = c.last_seq + 1 + w.reopens::int,
    active_at = greatest(c.active_at, %(at)s::timestamptz), waiting_on = 'us', preview = %(preview)s::text,
    preview_by = 'customer', state = CASE WHEN w.reopens THEN 'open' ELSE c.state END, resolved_at = NULL,
    snoozed_until = NULL, joins = NULL{{values}}
  FROM was w WHERE c.id = w.id
  RETURNING c.id, c.inbox_id, c.person_id, c.channel, c.last_seq, c.shared_seq, w.reopens, w.name,
    {{author}} AS author),
messages AS (
  {{message}}
  SELECT %(line)s::uuid, m.id, m.inbox_id, m.last_seq - 1, NULL, 'system', '', '{{{{"verb": "reopened"}}}}'::jsonb,
    'customer',
    m.person_id, m.name, m.channel, NULL, NULL, '', %(at)s{{no_letter}}
  FROM moved m WHERE m.reopens
  UNION ALL
  SELECT %(message)s::uuid, m.id, m.inbox_id, m.last_seq, m.shared_seq, 'incoming', %(body)s::text, NULL, 'customer',
    m.person_id, m.author, m.channel, %(external)s::text, %(client)s::text, '', %(at)s{{letter}}
  FROM moved m),
raw AS (
  INSERT INTO channels_inbound (inbox_id, external_key, raw, headers, received_at, person_id, state)
  SELECT m.inbox_id, m.person_id || ':' || %(client)s, %(raw)s::bytea, '{{{{}}}}', %(at)s, m.person_id, 'taken'
  FROM moved m
  WHERE %(raw)s IS NOT NULL),
key AS (
  INSERT INTO files_personkey (person_id, sealed_key)
  SELECT m.person_id, %(key)s::bytea FROM moved m WHERE %(key)s IS NOT NULL ON CONFLICT DO NOTHING),
moments AS (
  {MOMENT}
  SELECT %(reopened_id)s::uuid, 'conversation.reopened', 1, m.person_id, m.inbox_id, 'customer',
    m.person_id, 'conversation:' || m.id, 'conversation:' || m.id, %(at)s, now(),
    jsonb_build_object('conversation', m.id)
  FROM moved m WHERE m.reopens
  UNION ALL
  SELECT %(received_id)s::uuid, 'message.received', 1, m.person_id, m.inbox_id, 'customer',
    m.person_id, 'conversation:' || m.id, 'conversation:' || m.id, %(at)s, now(),
    jsonb_build_object('conversation', m.id, 'message', %(message)s, 'seq', m.last_seq, 'channel', m.channel,
      'preview', %(preview)s, 'first', false)
  FROM moved m)
SELECT id, %(message)s, last_seq, shared_seq, inbox_id, person_id, 'incoming', '', %(at)s, false, reopens, channel, name
FROM moved"""
HEAR = Statement(_HEAR.format(written="", author="w.name", no_letter="", **_WORDS), Said)
# Whoever writes for the customer from an address that is not theirs is named as they name themselves; where they answer
# what was passed on to them, whom they write to besides is none of the customer's business.
HEAR_LETTER = Statement(
    _HEAR.format(
        unheard=_UNHEARD.format(inbox="c.inbox_id"),
        written=f", {BY_CUSTOMER.format(person='c.person_id')} AS by_customer",
        values=f""",
    participants = c.participants || {_KEYS.format(new=_NEW)},
    copies = CASE WHEN w.by_customer OR NOT EXISTS (
      SELECT FROM conversations_message f WHERE f.conversation_id = c.id AND f.kind = 'forward'
        AND f.letter->>'message_id' = ANY(%(answers)s::text[]))
      THEN %(copies)s::jsonb || c.copies ELSE c.copies END""",
        author="CASE WHEN w.by_customer THEN w.name ELSE %(voice)s END",
        no_letter=", NULL::jsonb",
        **_LETTER,
    ),
    Said,
)

# Beside a message that stands without one; it puts nobody in copy.
ENVELOPE = Statement(
    f"""WITH said AS (
  UPDATE conversations_message m SET letter = %(letter)s::jsonb,
    author_name = CASE WHEN {BY_CUSTOMER.format(person="%(person)s::bigint")} THEN m.author_name ELSE %(voice)s END
  WHERE m.id = %(message)s::uuid)
UPDATE conversations_conversation c SET participants = c.participants || {_KEYS.format(new=_NEW)}
WHERE c.id = %(conversation)s::bigint AND NOT c.participants @> %(keys)s::text[]
RETURNING c.id""",
    Changed,
)

# After a resolution the same conversation is taken up again for a week, unless a rule has settled it otherwise; later
# words are a new matter.
# What we asked is answered by what is typed next, and by nothing that comes after other words.
_PLACE = """WITH RECURSIVE {given}, {known}, {ids}
SELECT k.id, c.id, ARRAY(SELECT id FROM ids), coalesce(c.person_id, k.id),
  (SELECT pk.sealed_key FROM files_personkey pk WHERE pk.person_id = coalesce(c.person_id, k.id)),
  (SELECT q.id FROM conversations_message q WHERE q.id = c.asked_id AND q.shared_seq = c.shared_seq)
FROM known k LEFT JOIN LATERAL (
  SELECT c.id, c.person_id, c.asked_id, c.shared_seq FROM ids CROSS JOIN LATERAL (
    SELECT c.id, c.person_id, c.asked_id, c.shared_seq FROM conversations_conversation c
    WHERE c.person_id = ids.id AND c.inbox_id = %(inbox)s::bigint
      AND (c.state IN ('open', 'snoozed') OR c.state = 'spam' AND k.blocked
           OR c.state = 'resolved' AND coalesce(c.joins, c.resolved_at > now() - interval '7 days'))
    ORDER BY c.id DESC LIMIT 1) c
  ORDER BY c.id DESC LIMIT 1) c ON true"""
PLACE = Statement(_PLACE.format(given=GIVEN, known=KNOWN, ids=IDS), Placed)

# What a channel brings again under its own number is the same, however its words were read this time; under a client's
# own id other words are another message.
_BEFORE = """m.conversation_id, m.id, m.seq, m.shared_seq, m.inbox_id, c.person_id, m.kind, m.status, m.occurred_at,
  true, false, '', '', '', (m.external_id = %(external)s::text) IS NOT TRUE AND {other}"""
_AGAIN = f"""WITH RECURSIVE {{given}}, {{known}}, {{ids}}
SELECT {_BEFORE.format(other="m.body <> %(body)s::text")}
FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id
WHERE m.inbox_id = %(inbox)s::bigint AND m.inbox_id = ANY(%(inboxes)s::bigint[])
  AND (m.external_id = %(external)s::text
       OR m.client_id = %(client)s::text AND m.author_kind = 'customer' AND m.author_id IN (SELECT id FROM ids))"""
AGAIN = Statement(_AGAIN.format(given=GIVEN, known=KNOWN, ids=IDS), Said)

# The same for a visitor who speaks for themselves.
OWN_OPEN = Statement(_OPEN.format(known=OWN_KNOWN_TAKEN, **_WORDS), Said)
OWN_PLACE = Statement(_PLACE.format(given=GIVEN, known=OWN_KNOWN, ids=OWN_IDS), Placed)
OWN_AGAIN = Statement(_AGAIN.format(given=GIVEN, known=OWN_KNOWN, ids=OWN_IDS), Said)

AGAIN_THERE = Statement(
    f"""SELECT {_BEFORE.format(other="(m.body <> %(body)s::text OR m.kind <> %(kind)s::text)")}
FROM conversations_message m JOIN conversations_conversation c ON c.id = %(conversation)s::bigint
WHERE m.inbox_id = c.inbox_id AND {SEEN}
  AND (m.external_id = %(external)s::text
       OR m.client_id = %(client)s::text AND m.author_kind = %(author_kind)s::text
          AND m.author_id = CASE m.author_kind WHEN 'customer' THEN c.person_id ELSE %(author_id)s::bigint END)""",
    Said,
)
