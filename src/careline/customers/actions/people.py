"""Finding and making a person, what they are called, and whether they may write to us."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from careline import touchpoints
from careline.accounts.actor import Actor
from careline.customers import identities, origins
from careline.customers.actions.attributes import checked
from careline.customers.actions.suggesting import suggest_claimed
from careline.customers.actions.taking import taken, tell_described, tell_identified
from careline.customers.identities import Given, Known
from careline.customers.models import Identity, Person, of
from careline.customers.queries import canonical_of, is_proved
from careline.kit import clock, text
from careline.kit.refusals import Refused

NAME_LIMIT = 300
TRIES = 5
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Found(msgspec.Struct, frozen=True):
    person: Person
    created: bool


def find_or_create(
    given: Sequence[Given],
    *,
    actor: Actor,
    name: str = "",
    language: str = "",
    zone: str = "",
    attributes: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Found:
    """The person the first of these identities that is known names, or a new one.

    Identities nobody has are given to the person; one that is somebody else's stays theirs: two people are never joined
    here. What is said about the person is kept for a new one only, but a name also for one who had none; so is `at`,
    when they were first seen.
    """
    actor.must("customers.edit")
    known = list({one.place: one for one in reversed([identities.known(one) for one in given])}.values())[::-1]
    fresh = Person(
        name=text.clean(name, field="name", limit=NAME_LIMIT),
        search=text.fold(name),
        language=_language(language),
        zone=_zone(zone),
        attributes=checked(attributes or {}),
        first_seen_at=at or clock.now(),
    )
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                found = _find(known)
                return _complete(found, known, fresh, actor) if found else _create(known, fresh, actor)
        except (IntegrityError, Person.DoesNotExist):
            # Another transaction made the person, or erased them, between our look and our write.
            fresh.pk = None
    raise Refused(_("This customer is being changed by somebody else just now. Try again."))


def _find(known: Sequence[Known]) -> int | None:
    rows = Identity.objects.filter(kind__in={one.kind for one in known}, value__in={one.value for one in known})
    owners = {
        (kind, scope, value): canonical or person
        for kind, scope, value, person, canonical in rows.values_list(
            "kind", "scope", "value", "person_id", "person__canonical_id"
        )
    }
    return next((owners[one.place] for one in known if one.place in owners), None)


def _complete(person_id: int, known: Sequence[Known], fresh: Person, actor: Actor) -> Found:
    person = Person.objects.select_for_update(no_key=True).get(pk=person_id, erased_at=None)
    _write(person, known, actor)
    if fresh.name and not person.name:
        person.rename(fresh.name)
        origins.note(person.pk, ["name"], actor=actor)
    return Found(person, False)


def _create(known: Sequence[Known], fresh: Person, actor: Actor) -> Found:
    fresh.save(force_insert=True)
    if _write(fresh, known, actor) < len(known):
        raise IntegrityError("one of the identities was taken meanwhile")
    said = [field for field in ("name", "language", "zone") if getattr(fresh, field)]
    origins.note(fresh.pk, [*said, *(f"attribute:{name}" for name in fresh.attributes)], actor=actor)
    if fresh.attributes or not known:
        tell_described(fresh, sorted(fresh.attributes), actor)
    return Found(fresh, True)


def _write(person: Person, known: Sequence[Known], actor: Actor) -> int:
    """Returns how many of them are the person's now."""
    before = _places(person)
    # In one order for everybody, so that two who write the same identities wait for each other only one way.
    Identity.objects.bulk_create([_identity(person, one) for one in sorted(known)], ignore_conflicts=True)
    mine = _places(person)
    if added := sorted({kind for kind, _scope, _value in mine.keys() - before.keys()}):
        tell_identified(person, added, actor)
    _ask_about([one for one in known if one.place not in mine], person)
    proved = [mine[one.place].pk for one in known if one.verified and one.place in mine]
    Identity.objects.filter(pk__in=proved, verified=False).update(verified=True)
    return sum(one.place in mine for one in known)


def _ask_about(claimed: Sequence[Known], person: Person) -> None:
    """What was named beside belongs to somebody else: where both proved who they are, a person is asked."""
    for one in claimed:
        owner = Identity.objects.filter(kind=one.kind, scope=one.scope, value=one.value).values_list(
            "person", flat=True
        )
        other = owner.first()
        if other is not None and is_proved(person.pk) and is_proved(canonical_of([other]).get(other, other)):
            suggest_claimed([(person.pk, other, one.kind)])


def _places(person: Person) -> dict[tuple[str, str, str], Identity]:
    return {(one.kind, one.scope, one.value): one for one in Identity.objects.filter(of(person.pk))}


def _identity(person: Person, one: Known) -> Identity:
    return Identity(
        person=person, kind=one.kind, scope=one.scope, value=one.value, original=one.original, verified=one.verified
    )


@transaction.atomic
def rename(person_id: int, name: str, *, actor: Actor) -> Person:
    name = text.clean(name, field="name", limit=NAME_LIMIT)
    person = taken(person_id, actor=actor)
    if person.name != name:
        person.rename(name)
        origins.note(person.pk, ["name"], actor=actor)
        _tell("customer.renamed", person, actor)
    return person


@transaction.atomic
def update(person_id: int, *, actor: Actor, language: str | None = None, zone: str | None = None) -> Person:
    """In which language and in which zone the person lives; empty when it is not known."""
    person = taken(person_id, actor=actor)
    if language is not None:
        person.language = _language(language)
    if zone is not None:
        person.zone = _zone(zone)
    person.save(update_fields=["language", "zone"])
    said = {"language": language, "zone": zone}
    origins.note(person.pk, [field for field, value in said.items() if value], actor=actor)
    origins.forget([person.pk], [field for field, value in said.items() if value == ""])
    return person


@transaction.atomic
def block(person_id: int, *, actor: Actor) -> Person:
    """What they write from now on goes to spam, and nobody contacts them. Blocked already: nothing happens."""
    person = taken(person_id, actor=actor)
    everybody = Person.objects.whole(person.pk)
    if not everybody.blocked().exists():
        # Under each of their ids: should it turn out that they are two, both stay blocked until somebody looks.
        everybody.update(blocked_at=clock.now())
        _tell("customer.blocked", person, actor)
    person.refresh_from_db()
    return person


@transaction.atomic
def unblock(person_id: int, *, actor: Actor) -> Person:
    person = taken(person_id, actor=actor)
    if Person.objects.whole(person.pk).blocked().update(blocked_at=None):
        _tell("customer.unblocked", person, actor)
    person.refresh_from_db()
    return person


def _tell(kind: str, person: Person, actor: Actor) -> None:
    touchpoints.record(kind, person=person.pk, actor=actor, source=f"customer:{person.pk}")


def _language(code: str) -> str:
    if code and not _LANGUAGE.fullmatch(code):
        raise Refused(_("A language is a code such as “en” or “pt-BR”."), field="language")
    return code


def _zone(name: str) -> str:
    if name and name not in zoneinfo.available_timezones():
        raise Refused(_("There is no time zone “%(zone)s”.") % {"zone": name[:100]}, field="zone")
    return name
