"""The parts that several hot statements share."""

MOMENT = (
    "INSERT INTO touchpoints_touchpoint (id, kind, version, person_id, inbox_id, actor_kind, actor_id, source, journey,"
    " occurred_at, recorded_at, facts)"
)

# Whose conversations an actor sees, by `words.reach`: of their inboxes; where a role ends at teams, of these, or their
# own. `teams` holds 0 for those of no team, and is nothing where every conversation of the inboxes is seen.
SEEN = """c.inbox_id = ANY(%(inboxes)s::bigint[]) AND (%(teams)s::bigint[] IS NULL
    OR coalesce(c.team_id, 0) = ANY(%(teams)s) OR c.assignee_id = %(me)s::bigint)"""

GIVEN = """given AS (
  SELECT * FROM unnest(%(kinds)s::text[], %(scopes)s::text[], %(values)s::text[], %(originals)s::text[])
    WITH ORDINALITY AS g(kind, scope, value, original, n))"""

# A look-up for each name, by its index, whatever the tables held when the plan was made.
_KNOWN = """known AS (
  SELECT {who}.id, c.name, c.blocked_at IS NOT NULL OR EXISTS (
      SELECT FROM customers_person j WHERE j.canonical_id = c.id AND j.blocked_at IS NOT NULL) AS blocked
    FROM given g
    CROSS JOIN LATERAL (
      SELECT person_id FROM customers_identity i
      WHERE i.kind = g.kind AND i.scope = g.scope AND i.value = g.value LIMIT 1) i
    JOIN customers_person p ON p.id = i.person_id
    JOIN customers_person c ON c.id = coalesce(p.canonical_id, p.id)
  {rule} ORDER BY g.n LIMIT 1 {held})"""
KNOWN = _KNOWN.format(who="c", rule="", held="")
# Held against an erasure, as the rows that are about to name the person would hold them anyway.
_HELD = {"held": "FOR KEY SHARE OF c"}
KNOWN_TAKEN = _KNOWN.format(who="c", rule="WHERE c.erased_at IS NULL", **_HELD)

# Every id that is the known person: rows keep the one they were written with.
IDS = """ids AS (
  SELECT id FROM known UNION ALL SELECT j.id FROM known k JOIN customers_person j ON j.canonical_id = k.id)"""

# Of a visitor who speaks for themselves: known by what they alone have (the number their site proved, the secret of
# their browser), and under the id that was given to. A machine's guess who else that is opens nothing to them.
_ALONE = "g.kind IN ('external', 'visitor')"
OWN_KNOWN = _KNOWN.format(who="p", rule=f"WHERE {_ALONE}", held="")
OWN_KNOWN_TAKEN = _KNOWN.format(who="p", rule=f"WHERE {_ALONE} AND c.erased_at IS NULL", **_HELD)
OWN_IDS = f"""ids AS (
  SELECT i.person_id AS id FROM given g JOIN customers_identity i
    ON i.kind = g.kind AND i.scope = g.scope AND i.value = g.value
  WHERE {_ALONE}
  UNION
  SELECT m.id FROM ids CROSS JOIN LATERAL (
    SELECT joined_id AS id FROM customers_merge
    WHERE kept_id = ids.id AND undone_at IS NULL AND actor_kind IN ('agent', 'token')
    UNION ALL
    SELECT kept_id FROM customers_merge
    WHERE joined_id = ids.id AND undone_at IS NULL AND actor_kind IN ('agent', 'token')) m)"""

_MESSAGE = (
    "INSERT INTO conversations_message (id, conversation_id, inbox_id, seq, shared_seq, kind, body, event, author_kind,"
    " author_id, author_name, channel, external_id, client_id, status, occurred_at"
)
MESSAGE = f"{_MESSAGE})"
LETTER = f"{_MESSAGE}, letter)"

# Whether a letter's writer is the customer, and not somebody who writes in their place from an address of their own.
BY_CUSTOMER = """(%(voice)s::text = '' OR EXISTS (
    SELECT FROM customers_identity i JOIN customers_person o ON o.id = i.person_id
    WHERE i.kind = 'email' AND i.scope = '' AND i.value = %(voice_key)s::text
      AND {person} IN (o.id, o.canonical_id)))"""
