"""What people hear from the line: how its last moments felt, kept ready for every row that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from careline.customers import hot
from careline.customers.actions import suggest
from careline.customers.models import Person
from careline.kit import bus
from careline.touchpoints import Moment, feelings, on, queries

FELT = ("conversation.opened", "order.placed", "order.delivered", "visit.checked-in", "survey.answered")
REGROUPED = ("customer.merged", "customer.split")


@on(*FELT, *REGROUPED)
def keep_scraps(moments: Sequence[Moment]) -> None:
    """Eight levels, the newest last. What nobody said is neutral: lateness alone is not yet a feeling."""
    if felt := [one for one in moments if one.kind in FELT]:
        _append(felt)
    if regrouped := [one for one in moments if one.kind in REGROUPED]:
        _read_again(regrouped)


def _append(moments: Sequence[Moment]) -> None:
    felt = [(one.person_id, feelings.level(one.kind, one.facts) or 0) for one in moments if one.person_id is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH felt AS (
              SELECT coalesce(p.canonical_id, p.id) AS id, array_agg(g.level ORDER BY g.n) AS levels
              FROM unnest(%s::bigint[], %s::smallint[]) WITH ORDINALITY AS g(person, level, n)
              JOIN customers_person p ON p.id = g.person GROUP BY 1)
            UPDATE customers_person p
            SET scrap = (p.scrap || f.levels)[greatest(1, cardinality(p.scrap) + cardinality(f.levels) - 7):]
            FROM felt f WHERE p.id = f.id AND p.erased_at IS NULL RETURNING p.id""",
            [[person for person, _level in felt], [level for _person, level in felt]],
        )
        # A window that drew a row before is told that the row has changed.
        bus.after_commit(hot.SCRAPS, {"people": [row[0] for row in cursor.fetchall()]})


def _read_again(moments: Sequence[Moment]) -> None:
    """Two lines have become one, or one two: the last feelings are read from the line."""
    people = {person for one in moments for person in (one.person_id, one.facts["other"]) if person is not None}
    roots = Person.objects.filter(pk__in=people, canonical=None, erased_at=None)
    for root in roots.select_for_update(no_key=True).order_by("pk"):
        ids = list(Person.objects.whole(root.pk).values_list("pk", flat=True))
        felt = queries.newest(ids, kinds=FELT, limit=8)
        root.scrap = [feelings.level(one.kind, one.facts) or 0 for one in reversed(felt)]
        root.save(update_fields=["scrap"])
        bus.after_commit(hot.SCRAPS, {"people": ids})


@on("customer.identified", "conversation.opened")
def look_for_the_same(moments: Sequence[Moment]) -> None:
    """Whoever has a new name may be known under another."""
    suggest(one.person_id for one in moments if one.person_id is not None)
