"""What was answered to each question, how many of how many, and where people left. Counts of one and the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.experience.surveys import queries
from careline.experience.surveys.models import Response
from careline.experience.surveys.shapes import SCALES, Form, Question, bounds

# How many of the best steps of a scale of satisfaction count as satisfied.
SATISFIED = {3: 1, 4: 2, 5: 2, 6: 2, 7: 2, 10: 3}


class Bar(msgspec.Struct, frozen=True):
    """How many chose this; `group` says which part of the scale it belongs to."""

    value: str
    count: int
    group: str = ""


class Counted(msgspec.Struct, frozen=True):
    """`reached` is everybody it was asked; they answered it, passed it over, or left there."""

    question: Question
    reached: int
    answered: int
    skipped: int
    left: int
    bars: list[Bar]
    # Of a matrix each row by itself; of a ranking the mean place of each.
    rows: list[tuple[str, list[Bar]]]
    places: dict[str, float]
    words: int
    # It is in no version that is asked now.
    is_past: bool

    @property
    def groups(self) -> list[tuple[str, int]]:
        """The parts of a scale that mean something by themselves, the worst first."""
        found: dict[str, int] = {}
        for bar in self.bars:
            if bar.group:
                found[bar.group] = found.get(bar.group, 0) + bar.count
        return list(found.items())


def results(actor: Actor, survey_id: int) -> list[Counted]:
    """Every question there ever was in it: those asked now in their order, then those of earlier versions."""
    versions = queries.published(actor, survey_id)
    rows = queries.of_survey(actor, survey_id)
    asked = _questions([form for _number, _at, form in versions])
    now = {one.key for one in versions[0][2].questions} if versions else set()
    said = _said(rows, [one.key for one in asked if one.type in PLAIN])
    left: Counter[str] = Counter(rows.filter(state="partial").values_list("stands_at", flat=True))
    return [_counted(one, said.get(one.key, {}), left[one.key], one.key not in now) for one in asked]


def _questions(forms: Iterable[Form]) -> list[Question]:
    found: dict[str, Question] = {}
    for form in forms:
        for one in form.questions:
            found.setdefault(one.key, one)
    return list(found.values())


# Every shape of an answer as pairs: what it is about, and what was said.
_SAID = """WITH r AS ({rows}),
e AS (SELECT key, value -> 'value' AS v, coalesce(value ->> 'words', '') <> '' AS worded FROM r, jsonb_each(r.answers))
SELECT key, 'answered', '', count(*) FROM e WHERE v IS NOT NULL OR worded GROUP BY key
UNION ALL SELECT key, 'skipped', '', count(*) FROM e WHERE v IS NULL AND NOT worded GROUP BY key
UNION ALL SELECT key, 'words', '', count(*) FROM e WHERE worded GROUP BY key
UNION ALL SELECT key, 'value', v #>> '{{}}', count(*) FROM e
  WHERE jsonb_typeof(v) IN ('number', 'string') AND key = ANY(%s) GROUP BY key, 3
UNION ALL SELECT key, 'place:' || o.place, o.value, count(*)
  FROM e, jsonb_array_elements_text(CASE jsonb_typeof(v) WHEN 'array' THEN v END) WITH ORDINALITY o(value, place)
  GROUP BY key, 2, 3
UNION ALL SELECT e.key, 'row:' || o.key, o.value, count(*)
  FROM e, jsonb_each_text(CASE jsonb_typeof(v) WHEN 'object' THEN v END) o GROUP BY e.key, 2, 3"""
# What is counted by its value as it stands.
PLAIN = (*SCALES, "single")
Said = dict[str, Counter[str]]


def _said(rows: QuerySet[Response], plain: list[str]) -> dict[str, Said]:
    """By question: what was said about what, and how often."""
    sql, values = rows.order_by().values("answers").query.sql_with_params()
    found: dict[str, Said] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SAID.format(rows=sql), [*values, plain])
        for key, about, value, count in cursor.fetchall():
            found.setdefault(key, {}).setdefault(about, Counter())[value] += count
    return found


def _counted(question: Question, said: Said, left: int, is_past: bool) -> Counted:
    answered, skipped = said.get("answered", Counter())[""], said.get("skipped", Counter())[""]
    keys = [one.key for one in question.options]
    bars: list[Bar] = []
    rows: list[tuple[str, list[Bar]]] = []
    places: dict[str, float] = {}
    match question.type:
        case "matrix":
            rows = [(row.key, _bars(keys, said.get(f"row:{row.key}", Counter()))) for row in question.rows]
        case "ranking":
            first = said.get("place:1", Counter())
            bars, places = _bars(keys, first), _places(keys, said)
        case "multiple":
            chosen: Counter[str] = Counter()
            for about, counts in said.items():
                if about.startswith("place:"):
                    chosen += counts
            bars = _bars(keys, chosen)
        case "single":
            bars = _bars(keys, said.get("value", Counter()))
        case "text" | "file":
            pass
        case _:
            low, high = bounds(question) or (0, 0)
            counts = said.get("value", Counter())
            bars = [Bar(str(n), counts[str(n)], group(question, n)) for n in range(low, high + 1)]
    return Counted(
        question, answered + skipped + left, answered, skipped, left, bars, rows, places,
        said.get("words", Counter())[""], is_past,
    )  # fmt: skip


def _bars(keys: list[str], counts: Counter[str]) -> list[Bar]:
    """What can no longer be chosen is told behind the others."""
    return [Bar(key, counts[key]) for key in [*keys, *sorted(set(counts) - set(keys))]]


def _places(keys: list[str], said: Said) -> dict[str, float]:
    """At which place each was put in the mean."""
    found = {}
    for key in keys:
        at = {int(about[6:]): counts[key] for about, counts in said.items() if about.startswith("place:")}
        if total := sum(at.values()):
            found[key] = sum(place * count for place, count in at.items()) / total
    return found


def group(question: Question, score: float) -> str:
    """Of a figure which part of its scale a score belongs to: every score to exactly one."""
    match question.type:
        case "nps":
            return _("Promoters") if score >= 9 else _("Passives") if score >= 7 else _("Detractors")
        case "csat":
            satisfied = score > question.points - SATISFIED[question.points]
            return _("Satisfied") if satisfied else _("Not satisfied")
        case "ces":
            return _("Easy") if score >= 5 else _("Not easy")
    return ""
