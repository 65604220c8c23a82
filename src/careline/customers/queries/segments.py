"""Looking at segments and at who belongs to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import narrowing
from careline.customers.models import Person, Segment, SegmentMember, Trait
from careline.customers.queries.people import ids_of, person
from careline.kit.refusals import NotVisible


class Counted(msgspec.Struct, frozen=True):
    """A segment with how many belong to it now."""

    pk: int
    name: str
    rule: Any
    inboxes: list[int] | None
    people: int
    changed_at: datetime
    counted_at: datetime | None


def segments(actor: Actor, *, after: tuple[str, int] | None = None, limit: int | None = None) -> list[Counted]:
    """By name; all of them, or so many after a name and a number."""
    actor.must("customers.view")
    rows = _rows(actor).order_by("name", "pk")
    if after is not None:
        rows = rows.filter(Q(name__gt=after[0]) | Q(name=after[0], pk__gt=after[1]))
    return [_counted(one) for one in rows[:limit]]


def segment(actor: Actor, segment_id: int) -> Counted:
    found = _rows(actor).filter(pk=segment_id).first()
    if found is None:
        raise NotVisible(_("There is no such segment."))
    return _counted(found)


def _rows(actor: Actor) -> QuerySet[Segment]:
    # Whoever was joined or erased meanwhile is no longer counted, whether or not the subscriber has heard of it.
    known = Q(members__person__canonical=None, members__person__erased_at=None)
    return Segment.objects.visible_to(actor).annotate(people=Count("members", filter=known))


def _counted(one: Segment) -> Counted:
    people: int = one.people  # type: ignore[attr-defined]  # annotated above
    return Counted(one.pk, one.name, one.rule, one.inboxes, people, one.changed_at, one.counted_at)


def in_segment(actor: Actor, segment_id: int) -> QuerySet[Person]:
    """Who belongs to it, the newest first."""
    members = SegmentMember.objects.filter(segment=segment(actor, segment_id).pk).values("person")
    return Person.objects.visible_to(actor).known().filter(pk__in=members).order_by("-pk")


def narrowed(actor: Actor, *, segment_id: int | None = None, where: Sequence[str] = ()) -> QuerySet[Person] | None:
    """Who is left when the list of customers is narrowed to a segment and by attributes; nothing is everybody."""
    actor.must("customers.view")
    if segment_id is None and not where:
        return None
    people = Person.objects.visible_to(actor).known() if segment_id is None else in_segment(actor, segment_id)
    return narrowing.among(people, narrowing.read(where))


def segments_of(actor: Actor, person_id: int) -> list[tuple[int, str, datetime]]:
    """Which of those the viewer sees the customer belongs to, since when."""
    ids = ids_of(person(actor, person_id).pk)
    rows = SegmentMember.objects.filter(person__in=ids, segment__in=Segment.objects.visible_to(actor))
    return list(rows.order_by("segment__name").values_list("segment_id", "segment__name", "entered_at"))


def names_by_segment(actor: Actor, segment_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Of each who belongs to one of these, the customer and the name of the segment; everybody once a segment."""
    for segment_id in dict.fromkeys(segment_ids):
        name = segment(actor, segment_id).name
        for customer in in_segment(actor, segment_id).values_list("pk", flat=True).iterator():
            yield customer, name


def trait_names(actor: Actor) -> list[str]:
    """What programs said of the customers they spoke of last."""
    actor.must("customers.view")
    latest = Trait.objects.order_by("-pk").values("pk")[:5000]
    return sorted(set(Trait.objects.filter(pk__in=latest).values_list("name", flat=True)))[:300]
