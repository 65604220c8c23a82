"""Holding people still while something is done to them, whoever they stand for."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from careline.customers.models import Person
from careline.kit.refusals import Conflicting
from careline.kit.statement import Statement

TRIES = 8


class Alone(msgspec.Struct, frozen=True):
    """Whom one id stands for, with everybody who is one with them, locked."""

    root: int
    ids: list[int]


class _Row(msgspec.Struct, frozen=True):
    root: int
    id: int


_ALONE = Statement(
    """SELECT coalesce(w.canonical_id, w.id), p.id FROM customers_person w
JOIN customers_person p ON p.id = coalesce(w.canonical_id, w.id) OR p.canonical_id = coalesce(w.canonical_id, w.id)
WHERE w.id = %(person)s::bigint ORDER BY p.id FOR NO KEY UPDATE OF p""",
    _Row,
)


class Moved(Exception):
    """Somebody was joined or parted while we waited for the lock."""


def alone(person_id: int) -> Alone | None:
    """`held` of one person by one statement, keys left free. Somebody may have been joined or parted while it waited:
    whoever reads the group after it and finds another raises `Moved` and begins again, its locks given back."""
    rows = _ALONE.all(person=person_id)
    return Alone(rows[0].root, [one.id for one in rows]) if rows else None


def held(person_ids: Collection[int], *, no_key: bool = False) -> dict[int, Person]:
    """Whom each of these stands for, locked until the transaction ends together with everybody who is one with them.

    Without `no_key` the whole rows, so that an identity on its way to the person waits for an erasure.
    """
    for _try in range(TRIES):
        try:
            # A step of its own: when it is undone its locks are free again, so that nobody waits in a circle.
            with transaction.atomic():
                return _held(set(person_ids), no_key=no_key)
        except Moved:
            continue
    raise Conflicting(_("This customer is being changed by somebody else just now. Try again."))


def _held(asked: set[int], *, no_key: bool) -> dict[int, Person]:
    roots = _roots(Q(pk__in=asked))
    everybody = Q(pk__in=set(roots.values())) | Q(canonical__in=set(roots.values()))
    # In one order for everybody, so that two who want the same people wait for each other only one way.
    rows = {one.pk: one for one in Person.objects.select_for_update(no_key=no_key).filter(everybody).order_by("pk")}
    now = _roots(Q(pk__in=asked) | everybody)
    if set(now) != set(rows) or any(now[one] != root for one, root in roots.items()):
        raise Moved
    return {one: rows[root] for one, root in roots.items()}


def _roots(which: Q) -> dict[int, int]:
    return {pk: root or pk for pk, root in Person.objects.filter(which).values_list("pk", "canonical_id")}
