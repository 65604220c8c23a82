"""The parts that several hot statements share."""

MOMENT = (
    "INSERT INTO touchpoints_touchpoint (id, kind, version, person_id, inbox_id, actor_kind, actor_id, source, journey,"
    " occurred_at, recorded_at, facts)"
)

GIVEN = """given AS (
  SELECT * FROM unnest(%(kinds)s::text[], %(scopes)s::text[], %(values)s::text[], %(originals)s::text[])
    WITH ORDINALITY AS g(kind, scope, value, original, n))"""

KNOWN = """known AS (
  SELECT c.id, c.name, c.blocked_at IS NOT NULL AS blocked FROM given g
    JOIN customers_identity i USING (kind, scope, value)
    JOIN customers_person p ON p.id = i.person_id
    JOIN customers_person c ON c.id = coalesce(p.canonical_id, p.id)
  ORDER BY g.n LIMIT 1)"""

MESSAGE = (
    "INSERT INTO conversations_message (id, conversation_id, inbox_id, seq, shared_seq, kind, body, event, author_kind,"
    " author_id, author_name, channel, external_id, client_id, status, occurred_at)"
)
