"""Two who may be one, put before a person, who joins them or says that they are two."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import resembling
from careline.customers.models import Person, Suggestion
from careline.customers.queries import canonical_of
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotVisible


def suggest(people: Iterable[int]) -> int:
    """Look for others who may be one of these; returns how many pairs are new or have more that speaks for them."""
    return _put((pair.one, pair.other, pair.evidence) for pair in resembling.found(people))


def suggest_claimed(claims: Iterable[tuple[int, int, str]]) -> int:
    """One said what another had proved to be theirs: nobody is joined, and a person is asked. Ids, and the kind."""
    claims = list(claims)
    roots = canonical_of({person for one, other, _kind in claims for person in (one, other)})
    stand = [(roots.get(one, one), roots.get(other, other), kind) for one, other, kind in claims]
    return _put((min(one, other), max(one, other), kind) for one, other, kind in stand if one != other)


def _put(found: Iterable[tuple[int, int, str]]) -> int:
    pairs = sorted(set(found))
    if not pairs:
        return 0
    # Held before the pairs are, in the order in which a merge takes them.
    ids = sorted({person for one, other, _kind in pairs for person in (one, other)})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT FROM customers_person WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [ids])
        # Who was said to be two, or one, is not put before anybody again.
        cursor.execute(
            """INSERT INTO customers_suggestion (one_id, other_id, evidence)
            SELECT g.one, g.other, array_agg(g.evidence ORDER BY g.evidence)
            FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS g(one, other, evidence) GROUP BY 1, 2 ORDER BY 1, 2
            ON CONFLICT (one_id, other_id) DO UPDATE SET evidence = (
              SELECT array_agg(DISTINCT e ORDER BY e) FROM unnest(customers_suggestion.evidence || excluded.evidence) e)
            WHERE customers_suggestion.state = 'open' AND NOT customers_suggestion.evidence @> excluded.evidence""",
            [[pair[0] for pair in pairs], [pair[1] for pair in pairs], [pair[2] for pair in pairs]],
        )
        return int(cursor.rowcount)


@transaction.atomic
def dismiss(suggestion_id: int, *, actor: Actor) -> Suggestion:
    """These are two, and whatever else suggests the same of them is settled with it."""
    actor.must("customers.edit")
    found = Suggestion.objects.select_related("one", "other").filter(pk=suggestion_id).first()
    if found is None:
        raise NotVisible(_("There is no such suggestion."))
    some, others = (_ids(one.canonical_id or one.pk) for one in (found.one, found.other))
    # Locked in one order for everybody.
    list(Suggestion.objects.select_for_update().between(some, others).order_by("pk"))
    found.refresh_from_db()
    if found.state != Suggestion.State.OPEN:
        raise Conflicting(_("Somebody decided on this already."))
    close(some, others, Suggestion.State.DISMISSED, actor=actor)
    found.refresh_from_db()
    return found


def close(some: Iterable[int], others: Iterable[int], state: Suggestion.State, *, actor: Actor) -> set[str]:
    """Decide on what is open between two; returns what spoke for it."""
    open_ones = list(Suggestion.objects.open().between(some, others).order_by("pk").select_for_update())
    Suggestion.objects.filter(pk__in=[one.pk for one in open_ones]).update(
        state=state, decided_at=clock.now(), decided_by_kind=actor.kind, decided_by_id=actor.id
    )
    return {word for one in open_ones for word in one.evidence}


def _ids(root: int) -> list[int]:
    return list(Person.objects.whole(root).values_list("pk", flat=True))
