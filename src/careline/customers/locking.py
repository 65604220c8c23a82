"""Holding people still while something is done to them, whoever they stand for."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from careline.customers.models import Person
from careline.kit.refusals import Conflicting

TRIES = 8


class _Moved(Exception):
    """Somebody was joined or parted while we waited for the lock."""


def held(person_ids: Collection[int], *, no_key: bool = False) -> dict[int, Person]:
    """Whom each of these stands for, locked until the transaction ends together with everybody who is one with them.

    Without `no_key` the whole rows, so that an identity on its way to the person waits for an erasure.
    """
    for _try in range(TRIES):
        try:
            # A step of its own: when it is undone its locks are free again, so that nobody waits in a circle.
            with transaction.atomic():
                return _held(set(person_ids), no_key=no_key)
        except _Moved:
            continue
    raise Conflicting(_("This customer is being changed by somebody else just now. Try again."))


def _held(asked: set[int], *, no_key: bool) -> dict[int, Person]:
    roots = _roots(Q(pk__in=asked))
    everybody = Q(pk__in=set(roots.values())) | Q(canonical__in=set(roots.values()))
    # In one order for everybody, so that two who want the same people wait for each other only one way.
    rows = {one.pk: one for one in Person.objects.select_for_update(no_key=no_key).filter(everybody).order_by("pk")}
    now = _roots(Q(pk__in=asked) | everybody)
    if set(now) != set(rows) or any(now[one] != root for one, root in roots.items()):
        raise _Moved
    return {one: rows[root] for one, root in roots.items()}


def _roots(which: Q) -> dict[int, int]:
    return {pk: root or pk for pk, root in Person.objects.filter(which).values_list("pk", "canonical_id")}
