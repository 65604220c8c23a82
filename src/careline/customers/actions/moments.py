"""A moment that no program told of, added by hand: a call, a meeting, somebody in the shop."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from careline import touchpoints
from careline.accounts.actor import Actor
from careline.customers.actions.taking import taken
from careline.kit import clock, text
from careline.kit.refusals import Refused

WAYS = ("call", "meeting", "visit", "letter", "other")
WORDS_LIMIT = 2000
OLDEST = 1900
# Clocks of two machines differ a little.
AHEAD = timedelta(minutes=5)


@transaction.atomic
def add_moment(
    person_id: int, *, way: str, words: str, at: datetime | None, actor: Actor
) -> tuple[datetime, uuid.UUID]:
    """Its place on the line. Like every moment it stays as it was written; erasing the customer empties the words."""
    person = taken(person_id, actor=actor)
    if way not in WAYS:
        raise Refused(_("Say what it was: a call, a meeting, a visit, a letter or something else."), field="way")
    words = text.clean(words, field="words", label=_("The words"), limit=WORDS_LIMIT, required=True)
    now = clock.now()
    happened = at or now
    if happened > now + AHEAD:
        raise Refused(_("It has not happened yet: choose a time that is over."), field="at")
    if happened.year < OLDEST:
        raise Refused(_("Choose a time since 1900."), field="at")
    landed = touchpoints.record(
        "moment.added", person=person.pk, actor=actor, source=f"customer:{person.pk}", occurred_at=happened,
        way=way, words=words, author=actor.name or "Careline",
    )  # fmt: skip
    assert landed is not None  # it has no key
    return happened, landed
