"""A rule as one SQL query over the live tables: sets of customers, joined and cut.

Each condition is a set of ids that stand for somebody, worked out for everybody or for a few; a group is the
intersection or the union of its sets. Sets spill to disk where they are large, and none is asked for once a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from careline.accounts import queries as accounts
from careline.customers.rules import All, Attribute, Computed, Either, Happened, Rule, Service, Valued

ROOT = "coalesce(c.canonical_id, c.id)"
_DATE = "(jsonb_typeof(v) = 'string' AND left(v #>> '{{{{}}}}', 10) COLLATE \"C\" {test})"
_NUMBER = "CASE WHEN jsonb_typeof(v) = 'number' THEN (v #>> '{{{{}}}}')::numeric {test} ELSE false END"
TESTS = {
    "is": "v = {value}::jsonb",
    "set": "true",
    "contains": "(jsonb_typeof(v) = 'string' AND strpos(lower(v #>> '{{}}'), lower({value}::text)) > 0)",
    "at_least": _NUMBER.format(test=">= {value}::numeric"),
    "at_most": _NUMBER.format(test="<= {value}::numeric"),
    "after": _DATE.format(test="> {value}::text"),
    "before": _DATE.format(test="< {value}::text"),
    "last_days": _DATE.format(test="BETWEEN {value}::text AND {today}::text"),
}
OPPOSITE = {"is_not": "is", "not_set": "set"}
_WAITS = {
    "waiting": "t.state = 'open' AND t.waiting_on = 'us'",
    "waiting_on_customer": "t.state = 'open' AND t.waiting_on = 'customer'",
}
# Since the first word that is not answered yet; without one, since it was woken or resolved, else from the beginning.
_UNANSWERED = """coalesce((
  SELECT min(m.occurred_at) FROM conversations_message m WHERE m.conversation_id = t.id AND m.kind = '{words}'
    AND m.seq > coalesce((
      SELECT max(a.seq) FROM conversations_message a WHERE a.conversation_id = t.id AND a.kind = '{answer}'), 0)), (
  SELECT max(m.occurred_at) FROM conversations_message m WHERE m.conversation_id = t.id AND m.kind = 'system'
    AND m.event ->> 'verb' IN ('woken', 'resolved')), t.opened_at)"""
_SINCE = {
    "waiting": _UNANSWERED.format(words="incoming", answer="reply"),
    "waiting_on_customer": _UNANSWERED.format(words="reply", answer="incoming"),
}


class Query:
    """The SQL of a rule and the values it names."""

    def __init__(self, *, inboxes: Sequence[int] | None, now: datetime, people: Sequence[int] | None = None) -> None:
        self.given: dict[str, Any] = {"now": now, "inboxes": inboxes if inboxes is None else list(inboxes)}
        self.today = now.astimezone(ZoneInfo(accounts.organization().zone)).date()
        self.few = people is not None
        if people is not None:
            self.given["ids"] = list(people)

    def everybody(self) -> str:
        only = " AND c.id = ANY(%(ids)s::bigint[])" if self.few else ""
        return f"SELECT c.id FROM customers_person c WHERE c.canonical_id IS NULL AND c.erased_at IS NULL{only}"  # noqa: S608

    def found(self, rule: Rule) -> str:
        """Those of whom it is true; nobody who was erased or stands for nobody."""
        return f"({self.everybody()}) INTERSECT ({self._set(rule)})"

    def _set(self, rule: Rule) -> str:
        if isinstance(rule, All | Either):
            word = " INTERSECT " if isinstance(rule, All) else " UNION "
            return word.join(f"({self._set(one)})" for one in rule.conditions)
        if isinstance(rule, Happened | Service):
            return self._counted(rule)
        opposite = OPPOSITE.get(rule.test)
        found = self._valued(rule, opposite or rule.test)
        return f"({self.everybody()}) EXCEPT ({found})" if opposite else found

    def _valued(self, rule: Valued, test: str) -> str:
        name = self.named(rule.name)
        compared = TESTS[test].format(value=self._compared(rule, test), today=self.named(self.today.isoformat()))
        if isinstance(rule, Attribute):
            # As a customer is shown: the one that stands for them speaks first.
            rows = f"""SELECT DISTINCT ON (1) {ROOT} AS id, c.attributes -> {name}::text AS v FROM customers_person c
            WHERE c.attributes ? {name}::text{self.only("c.id")} ORDER BY 1, (c.canonical_id IS NOT NULL), c.id"""  # noqa: S608
        elif isinstance(rule, Computed):
            # Of an id that was joined meanwhile nothing holds; what it brought is worked out anew.
            rows = f"""SELECT v.person_id AS id, v.value AS v FROM customers_computedvalue v
            JOIN customers_computedtrait d ON d.id = v.trait_id JOIN customers_person c ON c.id = v.person_id
            WHERE d.name = {name}::text AND {self._within("d.inboxes")} AND c.canonical_id IS NULL
              AND c.erased_at IS NULL{self.only("v.person_id")}"""  # noqa: S608
        else:
            # Of two ids that were joined, what was worked out last holds.
            rows = f"""SELECT DISTINCT ON (1) {ROOT} AS id, t.value AS v FROM customers_trait t
            JOIN customers_person c ON c.id = t.person_id
            WHERE t.name = {name}::text{self.only("t.person_id")} ORDER BY 1, t.at DESC, t.id DESC"""  # noqa: S608
        return f"SELECT id FROM ({rows}) g WHERE {compared}"  # noqa: S608

    def _compared(self, rule: Valued, test: str) -> str:
        if test == "is":
            return self.named(msgspec.json.encode(rule.value).decode())
        if test == "last_days":
            assert isinstance(rule.value, int)
            return self.named((self.today - timedelta(days=rule.value)).isoformat())
        return self.named(rule.value if test in ("at_least", "at_most") else str(rule.value))

    def _counted(self, rule: Happened | Service) -> str:
        """Whoever nothing happened to is in no row, so few of something is whoever has not more of it."""
        rows, much = self._moments(rule) if isinstance(rule, Happened) else self._conversations(rule), "count(*)"
        if isinstance(rule, Service) and rule.what == "effort":
            rows, much = self._efforts(), "sum(e.effort)"
        if rule.test == "at_most":
            more = f"{rows} GROUP BY 1 HAVING {much} > {self.named(rule.times)}::bigint"
            return f"({self.everybody()}) EXCEPT ({more})"
        if rule.times == 0:
            return self.everybody()
        return f"{rows} GROUP BY 1 HAVING {much} >= {self.named(rule.times)}::bigint"

    def _moments(self, rule: Happened) -> str:
        where = f"t.kind = {self.named(rule.kind)}::text" if rule.kind else "t.kind NOT LIKE 'segment.%%'"
        if rule.stage:
            where += f" AND t.facts ->> 'stage' = {self.named(rule.stage)}::text"
        if rule.journey:
            where += f" AND starts_with(t.journey, {self.named(rule.journey + ':')}::text)"
        if rule.days is not None:
            since = self.named(self.given["now"] - timedelta(days=rule.days))
            where += f" AND t.occurred_at >= {since}::timestamptz"
        return f"""SELECT {ROOT} FROM touchpoints_touchpoint t JOIN customers_person c ON c.id = t.person_id
        WHERE {where} AND (t.inbox_id IS NULL OR {self.seen()}){self.only("t.person_id")}"""  # noqa: S608

    def _conversations(self, rule: Service) -> str:
        where = {"open": "t.state = 'open'", **_WAITS}.get(rule.what, "t.state NOT IN ('spam', 'trash')")
        if rule.hours is not None:
            where += f" AND {_SINCE[rule.what]} <= {self._long_ago(rule.hours)}"
        return f"""SELECT {ROOT} FROM conversations_conversation t JOIN customers_person c ON c.id = t.person_id
        WHERE {where} AND {self.seen()}{self.only("t.person_id")}"""  # noqa: S608

    def ripened(self, rule: Service, within: timedelta) -> str:
        """Whose conversations have come to wait for so long by time alone, up to `within` ago."""
        assert rule.hours is not None
        ripe, since = self._long_ago(rule.hours), _SINCE[rule.what]
        first = self.named(self.given["now"] - timedelta(hours=rule.hours) - within) + "::timestamptz"
        # What was said last cannot be older than what it waits for, and of that there is an index.
        return f"""SELECT {ROOT} FROM conversations_conversation t JOIN customers_person c ON c.id = t.person_id
        WHERE {_WAITS[rule.what]} AND {self.seen()} AND t.opened_at <= {ripe} AND t.active_at >= {first}
          AND {since} BETWEEN {first} AND {ripe}"""  # noqa: S608

    def _long_ago(self, hours: int) -> str:
        return self.named(self.given["now"] - timedelta(hours=hours)) + "::timestamptz"

    def _efforts(self) -> str:
        """What each talk has cost, as it was counted last."""
        return f"""SELECT {ROOT} FROM (
          SELECT DISTINCT ON (t.source) t.person_id, (t.facts ->> 'effort')::bigint AS effort
          FROM touchpoints_touchpoint t
          WHERE t.kind = 'effort.counted' AND {self.seen()}{self.only("t.person_id")}
          ORDER BY t.source, t.occurred_at DESC, t.id DESC) e JOIN customers_person c ON c.id = e.person_id"""  # noqa: S608

    def seen(self) -> str:
        """Only what the segment may look into; nothing said is every inbox."""
        return "true" if self.given["inboxes"] is None else "t.inbox_id = ANY(%(inboxes)s::bigint[])"

    def _within(self, inboxes: str) -> str:
        """What is worked out from more inboxes than these tells nothing here."""
        return "true" if self.given["inboxes"] is None else f"{inboxes} <@ %(inboxes)s::bigint[]"

    def only(self, column: str) -> str:
        return f" AND {column} = ANY(%(ids)s::bigint[])" if self.few else ""

    def named(self, value: object) -> str:
        name = f"v{len(self.given)}"
        self.given[name] = value
        return f"%({name})s"
