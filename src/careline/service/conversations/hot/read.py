"""The inbox and a thread: fifty rows each, by keyset, in one statement."""

from __future__ import annotations

from careline.kit.statement import Statement
from careline.service.conversations.hot.pieces import SEEN
from careline.service.conversations.hot.shapes import (
    Called,
    Counts,
    Follower,
    Hand,
    Horizon,
    ListRow,
    OwnTalk,
    Place,
    ThreadRow,
)

COLUMNS = """c.id, c.inbox_id, c.person_id, coalesce(nullif(r.name, ''), p.name), c.channel, c.subject, c.state,
  c.handled_by, c.waiting_on, c.priority, c.tags, c.assignee_id, a.name, c.team_id, c.opened_at, c.active_at,
  c.snoozed_until, c.resolved_at, c.last_seq, c.heard_seq > c.seen_seq, c.preview, c.preview_by,
  coalesce(r.scrap, p.scrap), coalesce(r.efforts, p.efforts), c.attributes::text, c.follows_id, c.mark::text,
  c.pledge::text, c.due_at"""
# Whoever stands for the customer now gives the name, the scrap and its efforts.
_WHO = """JOIN customers_person p ON p.id = c.person_id LEFT JOIN customers_person r ON r.id = p.canonical_id
LEFT JOIN accounts_agent a ON a.id = c.assignee_id"""
_WHOLE = f"{_WHO} ORDER BY c.active_at DESC, c.id DESC"
_BEFORE = "(c.active_at, c.id) < (%(before_at)s::timestamptz, %(before_id)s::bigint)"
_NEWEST = "ORDER BY c.active_at DESC, c.id DESC LIMIT %(limit)s::int"
_AFTER_DUE = "(c.due_at, c.id) > (%(before_at)s::timestamptz, %(before_id)s::bigint)"
_NEXT = "ORDER BY c.due_at, c.id LIMIT %(limit)s::int"


def _per_inbox(rule: str) -> Statement[ListRow]:
    # One short index scan an inbox, merged: the cost does not grow with the table nor with other people's inboxes.
    return Statement(
        f"""SELECT {COLUMNS} FROM (
  SELECT c.* FROM unnest(%(inboxes)s::bigint[]) AS i(id) CROSS JOIN LATERAL (
    SELECT * FROM conversations_conversation c WHERE c.inbox_id = i.id AND {rule} AND {_BEFORE} {_NEWEST}) c
  {_NEWEST}) c {_WHOLE}""",
        ListRow,
    )


def _by_deadline(rule: str) -> Statement[ListRow]:
    """The next one first, whatever is done about it; what is paused or promised nothing is not among them."""
    return Statement(
        f"""SELECT {COLUMNS} FROM (
  SELECT c.* FROM unnest(%(inboxes)s::bigint[]) AS i(id) CROSS JOIN LATERAL (
    SELECT * FROM conversations_conversation c WHERE c.inbox_id = i.id AND {rule} AND {_AFTER_DUE} {_NEXT}) c
  {_NEXT}) c {_WHO} ORDER BY c.due_at, c.id""",
        ListRow,
    )


def _of_teams(rule: str, place: str = _BEFORE, order: str = _NEWEST) -> Statement[ListRow]:
    """The same for whose role ends at teams: a scan a team, one of their own, one an inbox of what no team has."""
    arm = f"c.inbox_id = ANY(%(inboxes)s::bigint[]) AND {rule} AND {place} {order}"
    return Statement(
        f"""SELECT {COLUMNS} FROM (
  SELECT c.* FROM conversations_conversation c WHERE c.id IN (
    SELECT f.id FROM unnest(%(teams)s::bigint[]) AS t(id) CROSS JOIN LATERAL (
      SELECT c.id FROM conversations_conversation c WHERE c.team_id = t.id AND {arm}) f
    UNION ALL (SELECT c.id FROM conversations_conversation c WHERE c.assignee_id = %(me)s::bigint AND {arm})
    UNION ALL SELECT f.id FROM unnest(%(inboxes)s) AS i(id) CROSS JOIN LATERAL (
      SELECT c.id FROM conversations_conversation c
      WHERE 0 = ANY(%(teams)s) AND c.inbox_id = i.id AND c.team_id IS NULL AND {rule} AND {place} {order}) f)
  {order}) c {_WHO} {order.partition(" LIMIT")[0]}""",
        ListRow,
    )


_UNASSIGNED = "c.assignee_id IS NULL AND c.state = 'open'"
# In whatever state, but not put away.
_MARKED = "c.mark IS NOT NULL AND c.state IN ('open', 'snoozed', 'resolved')"
_DUE, _RISK = "c.due_at IS NOT NULL", "c.due_at IS NOT NULL AND c.pledge->>'state' IN ('warned', 'broken')"
ALL, ALL_OF_TEAMS = _per_inbox("c.state = %(state)s::text"), _of_teams("c.state = %(state)s::text")
UNASSIGNED, UNASSIGNED_OF_TEAMS = _per_inbox(_UNASSIGNED), _of_teams(_UNASSIGNED)
MARKED, MARKED_OF_TEAMS = _per_inbox(_MARKED), _of_teams(_MARKED)
PROMISED, PROMISED_OF_TEAMS = _by_deadline(_DUE), _of_teams(_DUE, _AFTER_DUE, _NEXT)
AT_RISK, AT_RISK_OF_TEAMS = _by_deadline(_RISK), _of_teams(_RISK, _AFTER_DUE, _NEXT)
MINE = Statement(
    f"""SELECT {COLUMNS} FROM (
  SELECT * FROM conversations_conversation c
  WHERE c.assignee_id = %(agent)s::bigint AND c.state = %(state)s::text AND c.inbox_id = ANY(%(inboxes)s::bigint[])
    AND {_BEFORE} {_NEWEST}) c {_WHOLE}""",
    ListRow,
)
FOLLOWED = Statement(
    f"""SELECT {COLUMNS} FROM (
  SELECT c.* FROM conversations_follower f JOIN conversations_conversation c ON c.id = f.conversation_id
  WHERE f.agent_id = %(agent)s::bigint AND c.state = %(state)s::text AND {SEEN}
    AND {_BEFORE} {_NEWEST}) c {_WHOLE}""",
    ListRow,
)
# Under every id that is the person, whichever of them is asked for.
OF_PERSON = Statement(
    f"""SELECT {COLUMNS} FROM (
  SELECT * FROM conversations_conversation c
  WHERE c.person_id = ANY(ARRAY(
      SELECT coalesce(g.canonical_id, g.id) FROM customers_person g WHERE g.id = %(person)s::bigint
      UNION ALL
      SELECT j.id FROM customers_person g JOIN customers_person j ON j.canonical_id = coalesce(g.canonical_id, g.id)
      WHERE g.id = %(person)s))
    AND {SEEN} AND {_BEFORE}
  {_NEWEST}) c {_WHOLE}""",
    ListRow,
)
# Some by number: what a push draws, and what a sleeper missed.
THESE = Statement(
    f"""SELECT {COLUMNS} FROM (
  SELECT * FROM conversations_conversation c
  WHERE c.id = ANY(%(ids)s::bigint[]) AND {SEEN}) c {_WHOLE}""",
    ListRow,
)

# By number, and the conversation that one goes on from and those that go on from it.
CALLED = Statement(
    f"""SELECT id, subject, preview, preview_by, follows_id FROM conversations_conversation c
WHERE {SEEN} AND id = ANY(ARRAY(
  SELECT unnest(%(ids)s::bigint[])
  UNION ALL SELECT follows_id FROM conversations_conversation WHERE id = %(conversation)s::bigint
  UNION ALL (
    SELECT id FROM conversations_conversation WHERE follows_id = %(conversation)s ORDER BY id LIMIT 20)))
ORDER BY id""",
    Called,
)

# Whoever works in an inbox: its members, and those who see all of them; whoever's role ends before it does not.
_WORKS = """(role.only_inboxes IS NULL OR c.inbox_id = ANY(role.only_inboxes)) AND (
  'inboxes.view_all' = ANY(role.permissions)
  OR EXISTS (SELECT FROM channels_membership m WHERE m.agent_id = agent.id AND m.inbox_id = c.inbox_id))"""
_SEES = """(role.only_teams IS NULL OR c.team_id = ANY(role.only_teams) OR role.teamless AND c.team_id IS NULL
    OR c.assignee_id = agent.id)"""
# Whom a conversation can be given to, and who of them follows it and may still see it. Teams belong to no inbox.
HANDS = Statement(
    f"""SELECT true, agent.id, agent.name, 'conversations.view' = ANY(role.permissions) AND EXISTS (
    SELECT FROM conversations_follower f WHERE f.agent_id = agent.id AND f.conversation_id = c.id)
FROM conversations_conversation c, accounts_agent agent JOIN accounts_role role ON role.id = agent.role_id
WHERE c.id = %(conversation)s::bigint AND {SEEN} AND agent.is_active AND {_WORKS}
  AND (%(teams)s IS NULL OR agent.id = %(me)s::bigint OR EXISTS (
    SELECT FROM accounts_teammember tm WHERE tm.agent_id = agent.id AND tm.team_id = ANY(%(teams)s)))
UNION ALL SELECT false, t.id, t.name, false FROM accounts_team t, conversations_conversation c
WHERE c.id = %(conversation)s AND {SEEN} AND (%(teams)s IS NULL OR t.id = ANY(%(teams)s))
ORDER BY 3, 2""",
    Hand,
)
FOLLOWERS = Statement(
    f"""SELECT agent.id, agent.name, agent.email, agent.language, agent.zone
FROM conversations_follower f JOIN conversations_conversation c ON c.id = f.conversation_id
JOIN accounts_agent agent ON agent.id = f.agent_id JOIN accounts_role role ON role.id = agent.role_id
WHERE f.conversation_id = %(conversation)s::bigint AND agent.is_active
  AND 'conversations.view' = ANY(role.permissions) AND {_WORKS} AND {_SEES}
ORDER BY agent.name, agent.id""",
    Follower,
)

# Whose rows show the people's line: the newest, as a list shows them.
OF_PEOPLE = Statement(
    """SELECT id, inbox_id, person_id, last_seq FROM conversations_conversation
WHERE person_id = ANY(%(people)s::bigint[] || ARRAY(
  SELECT j.id FROM customers_person j WHERE j.canonical_id = ANY(%(people)s)))
ORDER BY id DESC LIMIT %(limit)s::int""",
    Place,
)

COUNTS = Statement(
    """SELECT coalesce(sum(n) FILTER (WHERE state = 'open' AND assignee_id = %(me)s::bigint), 0)::int,
  coalesce(sum(n) FILTER (WHERE state = 'open' AND assignee_id IS NULL), 0)::int,
  coalesce(sum(n) FILTER (WHERE state = 'open'), 0)::int, coalesce(sum(n) FILTER (WHERE state = 'snoozed'), 0)::int,
  pg_snapshot_xmin(pg_current_snapshot())::text
FROM conversations_tally WHERE inbox_id = ANY(%(inboxes)s::bigint[]) AND state IN ('open', 'snoozed')""",
    Counts,
)
# The tally knows no team: counted one by one for whose role ends at some, found as `_of_teams` finds them.
_LIVE = """SELECT id, state, assignee_id FROM conversations_conversation
  WHERE state IN ('open', 'snoozed') AND inbox_id = ANY(%(inboxes)s::bigint[]) AND"""
COUNTS_OF_TEAMS = Statement(
    f"""SELECT (count(*) FILTER (WHERE state = 'open' AND assignee_id = %(me)s::bigint))::int,
  (count(*) FILTER (WHERE state = 'open' AND assignee_id IS NULL))::int,
  (count(*) FILTER (WHERE state = 'open'))::int, (count(*) FILTER (WHERE state = 'snoozed'))::int,
  pg_snapshot_xmin(pg_current_snapshot())::text
FROM ({_LIVE} team_id = ANY(%(teams)s::bigint[])
  UNION {_LIVE} assignee_id = %(me)s
  UNION {_LIVE} team_id IS NULL AND 0 = ANY(%(teams)s)) c""",
    Counts,
)

_WORDS = """m.id, m.conversation_id, m.seq, m.shared_seq, m.kind, m.body, m.event::text, m.author_kind, m.author_id,
  m.author_name, m.channel, m.status, m.status_reason, m.client_id, m.occurred_at, (
    SELECT jsonb_agg(jsonb_build_object('file_id', f.file_id, 'name', f.name, 'media_type', f.media_type,
      'size', f.size, 'inline', f.inline, 'placed', f.content_id <> '') ORDER BY f.position)
    FROM conversations_attachment f WHERE f.message_id = m.id)::text"""
# Beside its envelope what the conversation is about, so that a message about something else can say so.
_LINE = f"""{_WORDS}, m.letter::text, CASE WHEN m.letter IS NOT NULL THEN (
    SELECT c.subject FROM conversations_conversation c WHERE c.id = m.conversation_id) END"""

# The newest first, so that a long thread opens at its end; the doors turn the page round.
THREAD = Statement(
    f"""SELECT {_LINE} FROM conversations_message m
WHERE m.conversation_id = %(conversation)s::bigint AND m.seq < %(before)s::int AND EXISTS (
  SELECT FROM conversations_conversation c
  WHERE c.id = %(conversation)s AND {SEEN})
ORDER BY m.seq DESC LIMIT %(limit)s::int""",
    ThreadRow,
)

# What was written after a number: the push of one change, and the replay after a gap.
SINCE = Statement(
    f"""SELECT {_LINE} FROM conversations_message m
WHERE m.conversation_id = %(conversation)s::bigint AND m.seq > %(after)s::int AND EXISTS (
  SELECT FROM conversations_conversation c
  WHERE c.id = %(conversation)s AND {SEEN})
ORDER BY m.seq LIMIT %(limit)s::int""",
    ThreadRow,
)

# The customer's own view: their thread, and of it what was shared with them; who is in copy is none of their business.
SHARED = Statement(
    f"""SELECT {_WORDS} FROM conversations_message m
WHERE m.conversation_id = %(conversation)s::bigint AND m.shared_seq > %(after)s::int
  AND (m.kind IN ('incoming', 'reply') OR m.kind = 'system' AND m.event->>'verb' = 'asked')
  AND EXISTS (
    SELECT FROM conversations_conversation c JOIN customers_person p ON p.id = c.person_id
    WHERE c.id = %(conversation)s AND c.inbox_id = %(inbox)s::bigint
      AND coalesce(p.canonical_id, p.id) = (
        SELECT coalesce(w.canonical_id, w.id) FROM customers_person w WHERE w.id = %(person)s::bigint))
ORDER BY m.shared_seq DESC LIMIT %(limit)s::int""",
    ThreadRow,
)

# What somebody who signed in as a customer sees of all that was said with them: whose words were last, and which.
# With an address only what went to and fro by it: of whom nobody proved that it is theirs.
OWN_TALKS = Statement(
    """SELECT c.id, c.inbox_id, c.person_id, c.channel, c.subject, c.state, c.waiting_on, c.opened_at, c.active_at,
  coalesce(m.body, ''), coalesce(m.kind, '')
FROM conversations_conversation c LEFT JOIN LATERAL (
  SELECT m.body, m.kind FROM conversations_message m
  WHERE m.conversation_id = c.id AND m.shared_seq IS NOT NULL AND m.kind IN ('incoming', 'reply')
  ORDER BY m.shared_seq DESC LIMIT 1) m ON true
WHERE c.person_id = ANY(ARRAY(
    SELECT j.id FROM customers_person g JOIN customers_person j
      ON coalesce(j.canonical_id, j.id) = coalesce(g.canonical_id, g.id)
    WHERE g.id = %(person)s::bigint))
  AND c.state NOT IN ('spam', 'trash') AND c.shared_seq > 0
  AND (%(address)s::text IS NULL OR c.participants @> ARRAY[%(address)s])
  AND (%(conversation)s::bigint IS NULL OR c.id = %(conversation)s)
ORDER BY c.active_at DESC, c.id DESC LIMIT %(limit)s::int""",
    OwnTalk,
)

# What we asked, drawn again once it is answered.
ASKED_OF = Statement(
    f"""SELECT {_WORDS} FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id
WHERE m.id = %(message)s::uuid AND m.kind = 'system' AND m.event->>'verb' = 'asked' AND m.shared_seq IS NOT NULL
  AND c.inbox_id = %(inbox)s::bigint AND c.person_id = ANY(%(people)s::bigint[])""",
    ThreadRow,
)

# Everything committed before it is in what is read after it.
HORIZON = Statement("SELECT pg_snapshot_xmin(pg_current_snapshot())::text", Horizon)

ONE = Statement(f"SELECT {_LINE} FROM conversations_message m WHERE m.id = %(message)s::uuid", ThreadRow)
