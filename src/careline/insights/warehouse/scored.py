"""Made-up service and answers to measure the scoreboard on, and the queries somebody would write by hand for it.

A year: of all touchpoints a twentieth each are answers, orders and deliveries, a sixteenth are conversations with about
seven more moments each; the rest are pages.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from careline.insights.warehouse import engine
from careline.insights.warehouse.copy import laying, measures
from careline.insights.warehouse.dialects.duckdb import metrics as sql
from careline.insights.warehouse.engine import Connection, quoted
from careline.touchpoints.feelings import PARTS

MEMORY = "1GB"
KINDS = (*measures.MEASURED, "page.viewed")
_BEGIN = "TIMESTAMP '2025-01-01'"
_YEAR = 365 * 86_400_000_000
# Of a talk: when, by whom, and what else is told of it.
_TALKS = f"""CREATE TEMP TABLE talks AS SELECT n, (hash(n) % $people)::BIGINT + 1 AS person,
  {_BEGIN} + to_microseconds((hash(n * 31) % {_YEAR})::BIGINT) AS opened, (n % 4 + 1)::BIGINT AS inbox,
  'conversation:' || n AS talk, ['webchat', 'email', 'whatsapp', 'api'][n % 4 + 1] AS channel,
  (hash(n * 3) % 40)::BIGINT + 1 AS agent, (hash(n * 3) % 40)::BIGINT % 6 + 1 AS team,
  to_microseconds((hash(n * 5) % 90000000000)::BIGINT) AS waited,
  to_microseconds((hash(n * 7) % 900000000000)::BIGINT) AS took FROM range($talks) t(n)"""
_MOMENT = """INSERT INTO staging.told_raw
SELECT person, {at}, ('00000000-0000-{nth:04}-0000-' || lpad(to_hex(n), 12, '0'))::UUID, '{kind}', {inbox}, {talk},
  '{actor}', {agent}, {team}, {channel}, {place}, {survey}, {metric}, {score}, {scale}, {parts}, {queue} FROM {rows}"""
_NULL = dict.fromkeys(measures.FACTS.keys() - {"kind"}, "NULL") | {
    "parts": "NULL, NULL, NULL, NULL",
    "actor": "system",
}
_OF_TALK = {"inbox": "inbox", "talk": "talk", "rows": "talks"}
_SOME = """(SELECT n, (hash(n * {salt}) % $people)::BIGINT + 1 AS person,
  {begin} + to_microseconds((hash(n * {salt} + 1) % {year})::BIGINT) AS happened FROM range({count}) t(n))"""
_LINE = """INSERT INTO staging.raw SELECT person, occurred_at, id, kind, inbox, talk FROM staging.told_raw
WHERE kind NOT IN ('message.weighed', 'effort.counted', 'question.repeated')"""


def lay_out(folder: Path, scale: int) -> Path:
    """The base of a copy with so many touchpoints."""
    base, staging = folder / "base-1.duckdb", folder / "staging.duckdb"
    with engine.opened(memory=MEMORY, room=folder) as conn:
        conn.execute(f"ATTACH {quoted(str(base))} AS made")
        conn.execute(f"ATTACH {quoted(str(staging))} AS staging")
        laying.staging(conn, "staging.")
        people = max(1, scale // 20)
        conn.execute(_TALKS, {"people": people, "talks": max(1, scale // 16)})
        for nth, (kind, given) in enumerate(_moments(max(1, scale // 20))):
            text = _MOMENT.format(nth=nth, kind=kind, **(_NULL | given))
            conn.execute(text, {"people": people} if "$people" in text else {})
        conn.execute(_LINE)
        there = laying.count(conn, "staging.raw")
        pages = _SOME.format(salt=97, begin=_BEGIN, year=_YEAR, count=max(0, scale - there))
        conn.execute(
            "INSERT INTO staging.raw SELECT person, happened, ('00000000-0000-0099-0000-'"
            f" || lpad(to_hex(n), 12, '0'))::UUID, 'page.viewed', NULL, NULL FROM {pages}",
            {"people": people},
        )
        conn.execute("DROP TABLE talks")
        laying.lay(conn, KINDS, at="staging.", into="made.")
    staging.unlink()
    return base


def _moments(some: int) -> list[tuple[str, dict[str, str]]]:
    def beside(salt: int) -> dict[str, str]:
        return {"at": "happened", "rows": _SOME.format(salt=salt, begin=_BEGIN, year=_YEAR, count=some)}

    answers = {
        "survey": "'s' || n % 3", "metric": "['nps', 'csat', 'ces'][n % 3 + 1]", "scale": "[10, 5, 7][n % 3 + 1]",
        "score": "CASE n % 3 WHEN 0 THEN hash(n * 53) % 11 WHEN 1 THEN hash(n * 53) % 5 + 1"
        " ELSE hash(n * 53) % 7 + 1 END",
        "talk": "CASE WHEN n % 2 = 0 THEN 'conversation:' || n END", "actor": "customer",
    }  # fmt: skip
    held = _OF_TALK | {"agent": "agent"}
    felt = "(hash(n * {salt}) % 2001)::DOUBLE / 1000 - 1"
    return [
        ("conversation.opened", _OF_TALK | {"at": "opened", "channel": "channel", "actor": "customer"}),
        ("conversation.assigned", held | {"at": "opened + INTERVAL 5 MINUTE", "team": "team"}),
        ("message.sent", held | {"at": "opened + waited", "actor": "agent", "channel": "channel"}),
        ("message.weighed", _OF_TALK | {"at": "opened", "score": felt.format(salt=11)}),
        ("message.weighed", _OF_TALK | {"at": "opened + waited + waited", "score": felt.format(salt=13)}),
        ("effort.counted", _OF_TALK | {"at": "opened + waited", "parts": "n % 3, n % 2, 0, n % 5 // 4"}),
        ("question.repeated", _OF_TALK | {"at": "opened + waited", "rows": "talks WHERE n % 9 = 0"}),
        ("conversation.resolved", _OF_TALK | {"at": "opened + waited + took", "rows": "talks WHERE n % 12 > 0"}),
        (
            "conversation.reopened",
            _OF_TALK | {"at": "opened + waited + took + took", "rows": "talks WHERE n % 12 = 1", "actor": "customer"},
        ),
        ("promise.met", _OF_TALK | {"at": "opened + waited", "rows": "talks WHERE n % 5 > 0"}),
        ("promise.broken", _OF_TALK | {"at": "opened + waited", "rows": "talks WHERE n % 5 = 0"}),
        (
            "queue.left",
            _OF_TALK | {"at": "opened + INTERVAL 5 MINUTE", "place": "['taken', 'taken', 'given_up'][n % 3 + 1]",
                        "score": "(hash(n * 17) % 600)::DOUBLE", "scale": "120", "queue": "n % 3 + 1"},
        ),
        ("survey.answered", answers | beside(41)),
        ("order.placed", beside(43)),
        ("order.delivered", beside(47) | {"score": "hash(n * 59) % 5 - 3.0"}),
    ]  # fmt: skip


def shown(conn: Connection, folder: Path) -> None:
    """The laid out copy as a question finds it."""
    conn.execute(f"ATTACH {quoted(str(folder / 'base-1.duckdb'))} AS base (READ_ONLY)")
    for name in ("line", *measures.TABLES):
        conn.execute(f"CREATE VIEW {name} AS FROM base.{name}")


Z = "1.959963984540054"
_WILSON = f"""100.0 * hits / n, 100 * ((hits / n + {Z} ** 2 / (2 * n)) - {Z} * sqrt(hits / n * (1 - hits / n) / n
  + {Z} ** 2 / (4 * n * n))) / (1 + {Z} ** 2 / n), 100 * ((hits / n + {Z} ** 2 / (2 * n)) + {Z} * sqrt(hits / n
  * (1 - hits / n) / n + {Z} ** 2 / (4 * n * n))) / (1 + {Z} ** 2 / n)"""
_WALD = f"""100.0 * (p - d) / n, 100 * ((p - d) / (n + 3) - {Z} * sqrt(((p + d + 1.5) / (n + 3)
  - ((p - d) / (n + 3)) ** 2) / (n + 3))), 100 * ((p - d) / (n + 3) + {Z} * sqrt(((p + d + 1.5) / (n + 3)
  - ((p - d) / (n + 3)) ** 2) / (n + 3)))"""
# The ranks between which a median lies, by the normal approximation that is written by hand.
_RANKS = f"""(l[(n + 1) // 2] + l[n // 2 + 1]) / 2, l[greatest(1, floor(n / 2.0 - {Z} * sqrt(n) / 2)::BIGINT)],
  l[least(n, ceil(n / 2.0 + {Z} * sqrt(n) / 2)::BIGINT + 1)], l[(9 * n + 9) // 10]"""
_MEAN = f"""mean, mean - {Z} * deviation / sqrt(n), mean + {Z} * deviation / sqrt(n)"""
_BY_HAND = """WITH c AS MATERIALIZED (SELECT {clock} AS at_, {value} AS v, {known} AS k FROM {table}
  WHERE {counts} AND {clock} >= $low AND {clock} < $high)
SELECT set_n, span, whole, n, {told} FROM (
  SELECT 0 AS set_n, CASE WHEN at_ < $turn THEN 0 ELSE 1 END AS span, count(*) AS whole, count(*) FILTER (k) AS n,
    {sums} FROM c WHERE at_ >= $earlier GROUP BY span
  UNION ALL SELECT 1, date_diff('day', $low::TIMESTAMP, at_) // 7, count(*), count(*) FILTER (k), {sums}
  FROM c GROUP BY 2)"""
_SUMS = {
    "share": ("count(*) FILTER (k AND v) AS hits", _WILSON),
    "nps": ("count(*) FILTER (v = 1) AS p, count(*) FILTER (v = -1) AS d", _WALD),
    "mean": ("avg(v) FILTER (k) AS mean, stddev_samp(v) FILTER (k) AS deviation", _MEAN),
    "median": ("list_sort(list(v) FILTER (k)) AS l", _RANKS),
    "count": ("NULL AS nothing", "NULL"),
}


def by_hand(conn: Connection, name: str, kind: str, bounds: Sequence[datetime], until: datetime) -> list[Any]:
    """One query for one tile: of a period, the one before and twelve weeks, with its intervals."""
    terms = sql.TERMS[name]
    low, earlier, turn, high = bounds
    sums, told = _SUMS[kind]
    text = _BY_HAND.format(
        clock=terms.clock, value=terms.value, known=terms.known, counts=terms.counts, sums=sums, told=told,
        table=terms.relation,
    )  # fmt: skip
    given: dict[str, Any] = {"low": low, "earlier": earlier, "turn": turn, "high": high}
    if "$until" in text:
        given["until"] = until
    if "$contacts" in text:
        given |= dict.fromkeys(PARTS, 100)
    return conn.execute(text, given).fetchall()


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def clocks() -> tuple[float, float]:
    """Seconds on the wall, and of the processor in all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime
