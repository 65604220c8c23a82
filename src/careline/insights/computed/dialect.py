"""A formula as one SQL query over the live line: of each customer the value, and from how many moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from careline.accounts import queries as accounts
from careline.customers.formulas import NUMBERS, Formula, Where
from careline.insights.segments.dialect import OPPOSITE, ROOT, TESTS, Query
from careline.kit.money import Money

# Of an average as many places are kept, and of a word as many characters.
PLACES = 4
LONGEST = 300
# Beyond this it is no figure of a customer, and other programs would not read it as written.
LARGEST = 10**15
_FIGURES = {
    "sum": "sum({value} * {unit})",
    "average": "round(avg({value} * {unit}), {places})",
    "min": "min({value} * {unit})",
    "max": "max({value} * {unit})",
    "latest": "(array_agg({value} * {unit} ORDER BY m.at DESC, m.moment DESC))[1]",
}


class Figures:
    """The SQL of a formula and the values it names; of everybody, or of a few whose every id is given."""

    def __init__(self, *, inboxes: Sequence[int] | None, now: datetime, people: Sequence[int] | None = None) -> None:
        self.query = Query(inboxes=inboxes, now=now, people=people)
        self.given = self.query.given

    def found(self, formula: Formula) -> str:
        """Selects id, value and moments; nobody who was erased, stands for nobody or has no moment that counts."""
        if formula.how == "most_frequent":
            return self._most_frequent(formula)
        if formula.how == "count":
            value = "count(*)"
        elif formula.needs_fact:
            value = _FIGURES[formula.how].format(
                value="(m.v #>> '{}')::numeric", unit=self.query.named(self._unit(formula)) + "::numeric", places=PLACES
            )
            value = f"trim_scale({value})"
        else:
            zone = self.query.named(accounts.organization().zone)
            edge = "min" if formula.how == "first" else "max"
            value = f"to_char({edge}(m.at) AT TIME ZONE {zone}::text, 'YYYY-MM-DD')"
        return f"""SELECT m.id, to_jsonb({value}), count(*)::int FROM ({self._moments(formula)}) m GROUP BY m.id"""  # noqa: S608

    def _most_frequent(self, formula: Formula) -> str:
        """Of two that were as frequent the one that came last."""
        return f"""SELECT DISTINCT ON (g.id) g.id, to_jsonb(g.word), g.whole::int FROM (
          SELECT m.id, left(m.v #>> '{{}}', {LONGEST}) AS word, count(*) AS n, max(m.at) AS latest,
            sum(count(*)) OVER (PARTITION BY m.id) AS whole
          FROM ({self._moments(formula)}) m GROUP BY 1, 2) g
        ORDER BY g.id, g.n DESC, g.latest DESC, g.word COLLATE "C" """  # noqa: S608

    def _moments(self, formula: Formula) -> str:
        named = self.query.named
        where = [f"t.kind = {named(formula.kind)}::text", f"(t.inbox_id IS NULL OR {self.query.seen()})"]
        if formula.days is not None:
            where.append(f"t.occurred_at >= {named(self.given['now'] - timedelta(days=formula.days))}::timestamptz")
        where += [self._fits(one) for one in formula.where]
        value = "NULL::jsonb"
        if formula.needs_fact:
            value = f"t.facts #> {named(formula.fact.split('.'))}::text[]"
            where.append(self._counts(formula, value))
        if formula.currency:
            where.append(f"t.facts ->> 'currency' = {named(formula.currency)}::text")
        return f"""SELECT {ROOT} AS id, t.occurred_at AS at, t.id AS moment, {value} AS v
        FROM touchpoints_touchpoint t JOIN customers_person c ON c.id = t.person_id
        JOIN customers_person r ON r.id = {ROOT} AND r.erased_at IS NULL
        WHERE {" AND ".join(where)}{self.query.only("t.person_id")}"""  # noqa: S608

    def _counts(self, formula: Formula, value: str) -> str:
        """A figure where figures are worked out, a plain word where one is looked for."""
        if formula.how in NUMBERS:
            return (
                f"CASE WHEN jsonb_typeof({value}) = 'number'"
                f" THEN abs(({value} #>> '{{}}')::numeric) < {LARGEST} ELSE false END"
            )
        return f"jsonb_typeof({value}) IN ('string', 'number', 'boolean') AND {value} <> '\"\"'::jsonb"

    def _fits(self, one: Where) -> str:
        """What a moment does not say is neither like a value nor unlike it; only “is not” and “not set” hold of it."""
        found = f"t.facts #> {self.query.named(one.fact.split('.'))}::text[]"
        test = OPPOSITE.get(one.test, one.test)
        if test == "is":
            json = msgspec.json.encode(one.value).decode()
            # Programs write numbers as words too.
            word = one.value if isinstance(one.value, str) else json
            compared = f"v IN ({self.query.named(json)}::jsonb, to_jsonb({self.query.named(word)}::text))"
        elif test == "set":
            compared = "true"
        else:
            compared = TESTS[test].format(value=self.query.named(one.value), today="")
        said = "v IS NOT NULL AND v <> 'null'::jsonb"
        holds = f"EXISTS (SELECT FROM (SELECT {found} AS v) f WHERE {said} AND {compared})"
        return f"NOT {holds}" if one.test in OPPOSITE else holds

    def _unit(self, formula: Formula) -> str:
        """Sums are kept in whole units of their currency, as people say them."""
        return str(Money(1, formula.currency).amount) if formula.currency else "1"
