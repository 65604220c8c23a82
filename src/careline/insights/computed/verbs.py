"""Making and changing a computed trait, and looking at what it would be while one is being written."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from careline.accounts.actor import Actor
from careline.customers import actions, formulas, queries
from careline.insights import patience
from careline.insights.computed import keeping
from careline.insights.computed.dialect import Figures
from careline.insights.segments import keeping as segments
from careline.kit import clock

# Of words the most frequent ones are told.
WORDS = 3
_SPREAD = {
    "number": """percentile_cont(0.5) WITHIN GROUP (ORDER BY (value #>> '{}')::float8)::numeric,
      min((value #>> '{}')::numeric), max((value #>> '{}')::numeric)""",
    "date": """percentile_disc(0.5) WITHIN GROUP (ORDER BY value #>> '{}'), min(value #>> '{}'), max(value #>> '{}')""",
    "text": "NULL, NULL, NULL",
}


class Word(msgspec.Struct, frozen=True):
    value: str
    people: int


class Preview(msgspec.Struct, frozen=True):
    """How many would have a value, of how many customers; the middle of the values and their ends, or the words."""

    people: int
    of: int
    type: str
    median: float | str | None
    least: float | str | None
    most: float | str | None
    words: list[Word]
    at: datetime
    seconds: float


@transaction.atomic
def save(name: str, label: str, formula: Any, *, actor: Actor) -> queries.Defined:
    """Kept, and worked out of everybody, before this returns; nobody enters a segment by it on their line."""
    kept = actions.keep_computed(name, label, formula, actor=actor)
    keeping.whole(kept.pk)
    segments.again(kept.name)
    return queries.computed_trait(actor, kept.name)


def preview(actor: Actor, formula: Any) -> Preview:
    """From what the viewer may see, exactly, or a sentence that it takes too long."""
    actor.must("customers.view")
    read, began = formulas.read(formula), time.perf_counter()
    figures = Figures(inboxes=actions.figures_look_into(actor, read), now=clock.now())
    with patience.cursor() as cursor:
        cursor.execute(
            f"""WITH found(id, value, moments) AS MATERIALIZED ({figures.found(read)})
            SELECT count(*), (SELECT count(*) FROM ({figures.query.everybody()}) e), {_SPREAD[read.type]},
              ARRAY(SELECT jsonb_build_array(value, count(*)) FROM found WHERE jsonb_typeof(value) = 'string'
                GROUP BY value ORDER BY count(*) DESC, value LIMIT {WORDS}) FROM found""",  # noqa: S608
            figures.given,
        )
        people, everybody, median, least, most, words = cursor.fetchone()
    return Preview(
        people, everybody, read.type, _told(median), _told(least), _told(most),
        [Word(str(word), count) for word, count in words] if read.type == "text" else [],
        clock.now(), round(time.perf_counter() - began, 3),
    )  # fmt: skip


def _told(value: Any) -> float | str | None:
    return value if value is None or isinstance(value, str) else float(value)
