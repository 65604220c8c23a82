"""Making and changing a segment, and counting while one is being written."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from careline.accounts.actor import Actor
from careline.customers import actions, queries, rules
from careline.insights import patience
from careline.insights.segments import keeping
from careline.insights.segments.dialect import Query
from careline.kit import clock


class Count(msgspec.Struct, frozen=True):
    """How many it would be, of how many customers, counted when and how long it took."""

    people: int
    of: int
    at: datetime
    seconds: float


@transaction.atomic
def save(name: str, rule: Any, *, actor: Actor, segment_id: int | None = None) -> queries.Counted:
    """Kept, and everybody looked at, before this returns."""
    kept = actions.keep_segment(name, rule, actor=actor, segment_id=segment_id)
    keeping.whole(kept.pk, tell=False)
    return queries.segment(actor, kept.pk)


def count(actor: Actor, rule: Any) -> Count:
    """Of what the viewer may see, exactly, or a sentence that it takes too long."""
    actor.must("customers.view")
    read, began = rules.read(rule), time.perf_counter()
    query = Query(inboxes=actions.looks_into(actor, read), now=clock.now())
    with patience.cursor() as cursor:
        cursor.execute(
            f"""SELECT (SELECT count(*) FROM ({query.found(read)}) f),
            (SELECT count(*) FROM ({query.everybody()}) e)""",  # noqa: S608
            query.given,
        )
        found, everybody = cursor.fetchone()
    return Count(found, everybody, clock.now(), round(time.perf_counter() - began, 3))
