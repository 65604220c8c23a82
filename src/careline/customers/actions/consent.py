"""Consent to be written to, given and withdrawn, for a purpose."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from careline import touchpoints
from careline.accounts.actor import Actor
from careline.customers import locking, origins
from careline.customers.actions.taking import taken
from careline.customers.models import Consent, Person
from careline.kit import clock
from careline.kit.refusals import NotVisible, Refused

# For everything but answers to what they wrote.
ANY = "any"
_PURPOSE = re.compile(r"[a-z][a-z0-9_-]{0,59}")


def must_be_a_purpose(written: str, *, field: str = "purpose") -> None:
    if not _PURPOSE.fullmatch(written):
        raise Refused(_("A purpose is made of small letters, digits, - and _, such as “newsletter”."), field=field)


@transaction.atomic
def say_consent(person_id: int, purpose: str, *, given: bool, actor: Actor) -> bool:
    """What the customer says now, under every id of theirs. False when it was so already.

    Of ids that were joined each keeps what was said of it before, and the no of one of them holds for all; said anew,
    the answer is the whole customer's, and stays with each of them should they be parted.
    """
    must_be_a_purpose(purpose)
    return _say(taken(person_id, actor=actor), purpose, given=given, actor=actor)


@transaction.atomic
def say_own_consent(person_id: int, purpose: str, *, given: bool) -> bool:
    """The same by the customer themselves, who came by a link only they were sent."""
    must_be_a_purpose(purpose)
    person = locking.held([person_id]).get(person_id)
    if person is None or person.erased_at is not None:
        raise NotVisible(_("There is no such customer."))
    return _say(person, purpose, given=given, actor=Actor.customer(person.pk, 0))


def _say(person: Person, purpose: str, *, given: bool, actor: Actor) -> bool:
    ids = list(Person.objects.whole(person.pk).values_list("pk", flat=True))
    rows = Consent.objects.filter(person__in=ids, purpose=purpose)
    if rows.filter(given=given).exists() and not rows.exclude(given=given).exists():
        return False
    now, source = clock.now(), origins.source_of(actor)
    rows.delete()
    Consent.objects.bulk_create(
        [Consent(person_id=one, purpose=purpose, given=given, at=now, source=source) for one in ids]
    )
    touchpoints.record(
        "consent.given" if given else "consent.withdrawn", person=person.pk, actor=actor,
        source=f"customer:{person.pk}", purpose=purpose,
    )  # fmt: skip
    return True
