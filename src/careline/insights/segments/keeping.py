"""Membership kept true: after moments for those they happened to, as waits grow long, and nightly for all."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.customers import queries as customers
from careline.customers import rules, segments
from careline.customers.models import Person, Segment
from careline.customers.segments import Changes
from careline.insights.segments import meaning
from careline.insights.segments.dialect import Query
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.touchpoints import Moment

# Who was made known so lately may not have been looked at by any rule.
NEW = timedelta(hours=1)
# A wait that became a long one is seen within minutes; who works it out may have been away for so long.
LATELY = timedelta(hours=1)
_log = logging.getLogger(__name__)


def react(moments: Sequence[Moment]) -> None:
    """Look again at those to whom something happened that a rule asks for, and at nobody else."""
    regrouped = meaning.regrouped(moments)
    if regrouped:
        _regroup(regrouped, moments)
    newcomers: set[int] | None = None
    for segment in segments.every():
        rule = _rule(segment)
        if rule is None:
            continue
        kinds = meaning.kinds_of(rule)
        touched = {one.person_id for one in moments if one.kind in kinds and one.person_id is not None}
        touched |= regrouped
        if meaning.is_true_of_a_stranger(rule):
            if newcomers is None:
                newcomers = _newcomers({one.person_id for one in moments if one.person_id is not None})
            touched |= newcomers
        if touched:
            _look(segment.pk, touched)


@transaction.atomic
def look_at(people: Collection[int]) -> None:
    """Something of them was changed that no moment tells of, by a score for instance."""
    for segment in segments.every() if people else ():
        _look(segment.pk, people)


def look_for(changed: Mapping[str, Collection[int]]) -> None:
    """Computed traits, by name, became another of these people. In one order of segments, as everywhere."""
    for segment in segments.every() if any(changed.values()) else ():
        rule = _rule(segment)
        people = set().union(*(changed[name] for name in meaning.computed_in(rule) & changed.keys())) if rule else set()
        if people:
            _look(segment.pk, people)


def again(name: str) -> None:
    """A computed trait is worked out in another way: nobody entered or left by that on their line."""
    for segment in segments.every():
        rule = _rule(segment)
        if rule is not None and name in meaning.computed_in(rule):
            whole(segment.pk, tell=False)


def _look(segment_id: int, people: Collection[int]) -> None:
    """With the rule as it stands now that nobody else works on it."""
    for segment in segments.held(segment_id):
        if (rule := _rule(segment)) is not None:
            _settle(segment, rule, people, tell=True)


def waited() -> None:
    """Time alone makes a wait a long one: those whose did so lately are looked at again."""
    for number in [one.pk for one in segments.every()]:
        with transaction.atomic():
            for segment in segments.held(number):
                rule = _rule(segment)
                if rule is not None and (people := _ripened(segment, rule)):
                    _settle(segment, rule, people, tell=True)


def _ripened(segment: Segment, rule: rules.Rule) -> set[int]:
    found: set[int] = set()
    for one in meaning.waits(rule):
        query = Query(inboxes=segment.inboxes, now=clock.now())
        with connection.cursor() as cursor:
            cursor.execute(query.ripened(one, LATELY), query.given)
            found.update(row[0] for row in cursor.fetchall())
    return found


def everybody() -> None:
    """The nightly pass: a segment at a time, each in its own transaction."""
    for number in [one.pk for one in segments.every()]:
        whole(number, tell=True)


@transaction.atomic
def whole(segment_id: int, *, tell: bool) -> None:
    """Everybody is looked at. Where a rule was just written nobody entered or left by it, so that is not told."""
    for segment in segments.held(segment_id):
        rule = _rule(segment)
        if rule is not None:
            _settle(segment, rule, None, tell=tell)
            segments.counted(segment.pk, clock.now())


def _rule(segment: Segment) -> rules.Rule | None:
    """Nothing for a rule that asks for what is no longer there: its members stay as they are, and its page says so."""
    try:
        return rules.read(segment.rule)
    except Refused as refusal:
        _log.warning("Segment %s is not kept: %s", segment.pk, refusal)
        return None


def _settle(segment: Segment, rule: rules.Rule, people: Collection[int] | None, *, tell: bool) -> None:
    now = clock.now()
    ids = None if people is None else whole_ids(people)
    query = Query(inboxes=segment.inboxes, now=now, people=ids)
    changes = segments.settle(segment.pk, query.found(rule), query.given, people=ids)
    if tell and (changes.entered or changes.left):
        touchpoints.record_many(_told(segment.pk, changes, now))


def whole_ids(people: Collection[int]) -> list[int]:
    """Every id of these customers, so that what happened under any of them counts."""
    roots = set(customers.canonical_of(people).values())
    rows = Person.objects.filter(Q(pk__in=roots) | Q(canonical__in=roots)).values_list("pk", flat=True)
    return sorted({*rows, *people})


def _told(segment_id: int, changes: Changes, at: datetime) -> Iterator[tuple[Any, ...]]:
    for kind, people in (("segment.entered", changes.entered), ("segment.left", changes.left)):
        for person in people:
            yield touchpoints.row(
                kind, person=person, actor=SYSTEM, source=f"segment:{segment_id}", recorded_at=at, segment=segment_id
            )


def _regroup(people: Collection[int], moments: Sequence[Moment]) -> None:
    # Joined and parted again before anybody looked: nothing was carried over, so nothing is given back.
    over = {one.facts["merge"] for one in moments if one.kind == "customer.merged"}
    parted = [
        (one.person_id, one.facts["other"])
        for one in moments
        if one.kind == "customer.split" and one.facts["merge"] not in over and one.person_id is not None
    ]
    segments.regroup(sorted(people), parted)


def _newcomers(people: Collection[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM customers_person WHERE id = ANY(%s::bigint[]) AND created_at > %s",
            [sorted(people), clock.now() - NEW],
        )
        return {row[0] for row in cursor.fetchall()}
