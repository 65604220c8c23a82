"""What people hear from the line: how its last moments felt and what they cost, kept ready for every row."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.db import connection

from careline.customers import hot
from careline.customers import queries as people
from careline.customers.actions import suggest
from careline.kit import bus
from careline.touchpoints import Moment, feelings, on, queries

REGROUPED = ("customer.merged", "customer.split")
# As many points as the short form has.
SHOWN = 8


@on(*feelings.POINTS, "message.weighed", "effort.counted", *REGROUPED)
def keep_scraps(moments: Sequence[Moment]) -> None:
    """Eight levels, the newest last. What nobody said is neutral: lateness alone is not yet a feeling.

    Read again from the line and not put behind what was there: words change how a talk felt that began before and what
    happens in it what it cost, and what is told late happened when it happened.
    """
    named = {person for one in moments for person in (one.person_id, one.facts.get("other")) if person is not None}
    owners = people.owners(named)
    if not owners:
        return
    lately = queries.lately(owners, limit=SHOWN)
    levels = msgspec.json.encode([[owner, one.feelings, one.efforts] for owner, one in lately.items()]).decode()
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH felt AS (
              SELECT (g->>0)::bigint AS id, ARRAY(SELECT l::smallint FROM jsonb_array_elements_text(g->1) l) AS levels,
                ARRAY(SELECT l::smallint FROM jsonb_array_elements_text(g->2) l) AS efforts
              FROM jsonb_array_elements(%s::jsonb) g),
            held AS (
              SELECT p.id FROM customers_person p JOIN felt f ON f.id = p.id ORDER BY p.id FOR NO KEY UPDATE OF p)
            UPDATE customers_person p SET scrap = f.levels, efforts = f.efforts FROM felt f JOIN held USING (id)
            WHERE p.id = f.id AND p.erased_at IS NULL AND (p.scrap <> f.levels OR p.efforts <> f.efforts)
            RETURNING p.id""",
            [levels],
        )
        changed = {row[0] for row in cursor.fetchall()}
    if changed:
        # A window that drew a row before is told that the row has changed.
        bus.after_commit(hot.SCRAPS, {"people": [person for person, owner in owners.items() if owner in changed]})


@on("customer.identified", "conversation.opened")
def look_for_the_same(moments: Sequence[Moment]) -> None:
    """Whoever has a new name may be known under another."""
    suggest(one.person_id for one in moments if one.person_id is not None)
