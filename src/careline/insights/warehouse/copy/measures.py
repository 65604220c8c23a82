"""What is measured, laid out beside the line: a row for each talk, answer, order and customer, ready to be counted.

`told` is what it is made of: the moments that metrics are about, with the few of their facts that are numbers or codes.
The rows made of it belong to one customer each, so they are worked out anew with the line of whoever is touched.
"""

from __future__ import annotations

from careline.insights.warehouse.engine import Connection

# Whom nobody knows: anonymous answers.
NOBODY = 0
ANONYMOUS = "survey.answered-anonymously"
MEASURED = (
    "conversation.opened", "conversation.assigned", "conversation.marked", "conversation.resolved",
    "conversation.reopened", "message.sent", "message.weighed", "effort.counted", "question.repeated", "order.placed",
    "order.delivered", "promise.met", "promise.broken", "queue.left", "survey.answered", ANONYMOUS,
)  # fmt: skip
# What we do, or what is done about somebody: nobody came back by it.
OURS = (
    "conversation.%", "message.sent", "message.noted", "message.forwarded", "message.moved", "message.weighed",
    "effort.counted", "autoreply.received", "delivery.updated", "outbound.%", "contact.%", "customer.%", "segment.%",
    "promise.%", "queue.%", "question.%", "recovery.%", "goodwill.%", "incident.%", "group.%", "moment.added",
    "order.delivered", "order.updated", "order.refunded",
)  # fmt: skip
# Back within these days after the first moment.
BACK = (30, 60)
DAY = 86_400_000_000
# Scores of words are kept as whole ten-thousandths, so that every sum of them is exact.
FINE = 10_000

TABLES = ("told", "talk", "answer", "purchase", "delivery", "promise", "wait", "presence")
# What is kept of each, in the order `source` reads it.
FACTS = {
    "kind": "VARCHAR", "inbox": "BIGINT", "talk": "VARCHAR", "actor": "VARCHAR", "agent": "BIGINT", "team": "BIGINT",
    "channel": "VARCHAR", "place": "VARCHAR", "survey": "VARCHAR", "metric": "VARCHAR", "score": "DOUBLE",
    "scale": "DOUBLE", "contacts": "SMALLINT", "waits": "SMALLINT", "transfers": "SMALLINT", "switches": "SMALLINT",
    "queue": "BIGINT",
}  # fmt: skip
_FACTS = ", ".join(f"{name} {type}" for name, type in FACTS.items())
RAW = f"CREATE TABLE {{at}}told_raw (person BIGINT, occurred_at TIMESTAMP, id UUID, {_FACTS})"
_MADE = {
    "told": f"customer BIGINT, person BIGINT, occurred_at TIMESTAMP, id UUID, {_FACTS}",
    "talk": """customer BIGINT, talk VARCHAR, id UUID, inbox BIGINT, channel VARCHAR, actor VARCHAR, agent BIGINT,
  team BIGINT, passed BOOLEAN, opened_at TIMESTAMP, answered_at TIMESTAMP, resolved_at TIMESTAMP, ended_at TIMESTAMP,
  reopened_at TIMESTAMP, before_at TIMESTAMP, next_at TIMESTAMP, contacts SMALLINT, waits SMALLINT,
  transfers SMALLINT, switches SMALLINT, felt_first BIGINT, felt_last BIGINT, felt_of BIGINT, felt_least BIGINT,
  asked_again BOOLEAN""",
    "answer": """customer BIGINT, occurred_at TIMESTAMP, id UUID, inbox BIGINT, survey VARCHAR, metric VARCHAR,
  score DOUBLE, scale DOUBLE, talk VARCHAR, channel VARCHAR, agent BIGINT, team BIGINT, contacts SMALLINT,
  waits SMALLINT, transfers SMALLINT, switches SMALLINT""",
    "purchase": "customer BIGINT, occurred_at TIMESTAMP, id UUID, inbox BIGINT, nth INTEGER, next_at TIMESTAMP",
    "delivery": "customer BIGINT, occurred_at TIMESTAMP, id UUID, inbox BIGINT, score DOUBLE",
    "promise": "customer BIGINT, occurred_at TIMESTAMP, id UUID, inbox BIGINT, talk VARCHAR, kept BOOLEAN",
    "wait": """customer BIGINT, occurred_at TIMESTAMP, id UUID, inbox BIGINT, talk VARCHAR, channel VARCHAR,
  queue BIGINT, how VARCHAR, waited DOUBLE, target DOUBLE""",
    "presence": "customer BIGINT, first_at TIMESTAMP, id UUID, back BOOLEAN",
}
_LAY_TOLD = """INSERT INTO {into}told SELECT coalesce(j.customer, r.person) AS customer, r.*
FROM {at}told_raw r LEFT JOIN {at}joined j ON j.person = r.person
WHERE coalesce(j.customer, r.person) >= $low AND coalesce(j.customer, r.person) < $high
ORDER BY customer, talk, occurred_at, r.id"""
_ONES = "customer >= $low AND customer < $high"

# A talk that was put away as spam or to be forgotten is none. Who answered by hand, or let a program answer in their
# name, has answered; a rule and a bot have not. The agent is who had it last, else who answered last.
_LAY_TALKS = f"""INSERT INTO {{into}}talk
WITH own AS (
  SELECT *, struct_pack(happened := occurred_at, id := id) AS place_in FROM {{into}}told
  WHERE {_ONES} AND talk IS NOT NULL AND kind NOT LIKE 'survey.%' AND kind NOT LIKE 'order.%'),
frame AS (
  SELECT customer, talk, min(place_in) FILTER (kind = 'conversation.opened') AS began,
    min(place_in) FILTER (kind = 'conversation.resolved') AS resolved,
    arg_max(place, place_in) FILTER (kind = 'conversation.marked') AS kept
  FROM own GROUP BY customer, talk),
begun AS (
  SELECT o.customer, o.talk, f.began.id AS id, f.began.happened AS opened_at, f.resolved.happened AS resolved_at,
    any_value(o.inbox) FILTER (o.id = f.began.id) AS inbox, any_value(o.channel) FILTER (o.id = f.began.id) AS channel,
    any_value(o.actor) FILTER (o.id = f.began.id) AS actor,
    coalesce(arg_max(o.agent, place_in) FILTER (o.kind = 'conversation.assigned'),
      arg_max(o.agent, place_in) FILTER (o.kind = 'message.sent')) AS agent,
    arg_max(o.team, place_in) FILTER (o.kind = 'conversation.assigned') AS team,
    count(DISTINCT o.team) FILTER (o.kind = 'conversation.assigned') > 1 AS passed,
    min(o.occurred_at) FILTER (o.kind = 'message.sent' AND o.actor IN ('agent', 'token')
      AND o.occurred_at >= f.began.happened) AS answered_at,
    max(place_in) FILTER (o.kind = 'conversation.resolved') AS ended,
    max(place_in) FILTER (o.kind = 'conversation.reopened') AS again,
    min(o.occurred_at) FILTER (o.kind = 'conversation.reopened' AND o.actor = 'customer'
      AND place_in > f.resolved) AS reopened_at,
    arg_max(struct_pack(contacts := o.contacts, waits := o.waits, transfers := o.transfers, switches := o.switches),
      place_in) FILTER (o.kind = 'effort.counted') AS effort,
    list(round(o.score * {FINE})::BIGINT ORDER BY o.occurred_at, o.id) FILTER (o.kind = 'message.weighed') AS felt,
    bool_or(o.kind = 'question.repeated') AS asked_again
  FROM own o JOIN frame f ON f.customer = o.customer AND f.talk = o.talk
  WHERE f.began IS NOT NULL AND (f.kept IS NULL OR f.kept NOT IN ('spam', 'trash'))
  GROUP BY o.customer, o.talk, f.began, f.resolved),
counted AS (SELECT *, len(felt) AS weighed, (len(felt) + 2) // 3 AS third FROM begun)
SELECT customer, talk, id, inbox, channel, actor, agent, team, passed, opened_at, answered_at, resolved_at,
  CASE WHEN again IS NULL OR ended > again THEN ended.happened END, reopened_at,
  CASE WHEN actor = 'customer' THEN max(opened_at) FILTER (actor = 'customer') OVER earlier END,
  CASE WHEN actor = 'customer' THEN min(opened_at) FILTER (actor = 'customer') OVER later END,
  coalesce(effort.contacts, 0), coalesce(effort.waits, 0), coalesce(effort.transfers, 0), coalesce(effort.switches, 0),
  list_sum(felt[:third])::BIGINT, list_sum(felt[weighed - third + 1:])::BIGINT, third, list_min(felt),
  asked_again
FROM counted
WINDOW earlier AS (PARTITION BY customer ORDER BY opened_at, talk ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
  later AS (PARTITION BY customer ORDER BY opened_at, talk ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
ORDER BY customer, opened_at, talk"""

_LAY_ANSWERS = f"""INSERT INTO {{into}}answer
SELECT a.customer, a.occurred_at, a.id, a.inbox, a.survey, a.metric, a.score, a.scale, a.talk,
  coalesce(a.channel, t.channel), t.agent, t.team, t.contacts, t.waits, t.transfers, t.switches
FROM {{into}}told a LEFT JOIN {{into}}talk t
  ON t.customer = a.customer AND t.talk = a.talk AND a.customer <> {NOBODY}
WHERE a.customer >= $low AND a.customer < $high AND a.kind IN ('survey.answered', '{ANONYMOUS}')
  AND a.score IS NOT NULL
ORDER BY a.customer, a.occurred_at, a.id"""

_LAY_PURCHASES = f"""INSERT INTO {{into}}purchase
SELECT customer, occurred_at, id, inbox, row_number() OVER w, lead(occurred_at) OVER w
FROM {{into}}told WHERE {_ONES} AND kind = 'order.placed' AND customer <> {NOBODY}
WINDOW w AS (PARTITION BY customer ORDER BY occurred_at, id) ORDER BY customer, occurred_at, id"""

# The score is by how many days it was late.
_LAY_DELIVERIES = f"""INSERT INTO {{into}}delivery SELECT customer, occurred_at, id, inbox, score
FROM {{into}}told WHERE {_ONES} AND kind = 'order.delivered' AND score IS NOT NULL ORDER BY customer, occurred_at, id"""

# Of a talk; what was promised of an order is told by its delivery.
_LAY_PROMISES = f"""INSERT INTO {{into}}promise SELECT customer, occurred_at, id, inbox, talk, kind = 'promise.met'
FROM {{into}}told WHERE {_ONES} AND kind IN ('promise.met', 'promise.broken') AND talk IS NOT NULL
ORDER BY customer, occurred_at, id"""

# What was put away as spam was nobody's wait. Place, score and scale are how it ended, how long it took, the target.
_LAY_WAITS = """INSERT INTO {into}wait
SELECT w.customer, w.occurred_at, w.id, w.inbox, w.talk, t.channel, w.queue, w.place, w.score, w.scale
FROM {into}told w JOIN {into}talk t ON t.customer = w.customer AND t.talk = w.talk
WHERE w.customer >= $low AND w.customer < $high AND w.kind = 'queue.left' ORDER BY w.customer, w.occurred_at, w.id"""

# Of rows (customer, occurred_at, id, kind): whoever did something, since when, and whether they came back.
PRESENCE = f"""SELECT customer, first_at, any_value(id) FILTER (nth = 1) AS id,
  coalesce(bool_or(occurred_at >= first_at + to_microseconds({BACK[0] * DAY})
    AND occurred_at < first_at + to_microseconds({BACK[1] * DAY})), false) AS back
FROM (SELECT customer, occurred_at, id, first_value(occurred_at) OVER w AS first_at, row_number() OVER w AS nth
  FROM ({{rows}}) WHERE {" AND ".join(f"kind::VARCHAR NOT LIKE '{kind}'" for kind in OURS)}
  WINDOW w AS (PARTITION BY customer ORDER BY occurred_at, id))
GROUP BY customer, first_at"""
_LAY_PRESENCE = f"""INSERT INTO {{into}}presence
{PRESENCE.format(rows=f"SELECT customer, occurred_at, id, kind FROM {{into}}line WHERE {_ONES}")} ORDER BY customer"""


def staging(conn: Connection, at: str) -> None:
    conn.execute(RAW.format(at=at))


def tables(conn: Connection, into: str) -> None:
    for name, columns in _MADE.items():
        conn.execute(f"CREATE TABLE {into}{name} ({columns})")


def lay(conn: Connection, at: str, into: str, low: int, high: int) -> None:
    """Of customers from one number to before another; the line of these stands already."""
    given = {"low": low, "high": high}
    for text in (
        _LAY_TOLD, _LAY_TALKS, _LAY_ANSWERS, _LAY_PURCHASES, _LAY_DELIVERIES, _LAY_PROMISES, _LAY_WAITS,
        _LAY_PRESENCE,
    ):  # fmt: skip
        conn.execute(text.format(at=at, into=into), given)


def lay_again(conn: Connection, source: str, into: str, low: int, high: int) -> None:
    """What has been laid out before; `source` reads a table that it is told the name of."""
    for name in TABLES:
        conn.execute(
            f"INSERT INTO {into}{name} SELECT * FROM ({source.format(table=name)})"
            " WHERE customer >= $low AND customer < $high ORDER BY customer",
            {"low": low, "high": high},
        )
