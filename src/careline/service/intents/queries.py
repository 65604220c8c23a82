"""Reading intents: what there is, what says nearly the same, and a judge over all of it."""

from __future__ import annotations

import msgspec
from django.db.models import QuerySet

from careline.accounts.actor import Actor
from careline.service.intents.judging import Judge, Lexical
from careline.service.intents.models import Intent, Phrasing

NEAR = 0.8


class Near(msgspec.Struct, frozen=True):
    """Two phrasings (intent, text) nearly the same: in one intent the second is idle, between two they clash."""

    one: tuple[str, str]
    other: tuple[str, str]
    likeness: float

    @property
    def clashes(self) -> bool:
        return self.one[0] != self.other[0]


def listed(actor: Actor) -> QuerySet[Intent]:
    actor.must("rules.manage")
    return Intent.objects.order_by("name", "pk")


def near(actor: Actor, *, least: float = NEAR) -> list[Near]:
    """Clashes first, then what is idle; the nearest first."""
    actor.must("rules.manage")
    said = _phrasings()
    judge = Lexical(said)
    found = [
        Near(said[number], said[other], round(likeness, 3))
        for number, (_intent, text) in enumerate(said)
        for other, likeness in judge.alike(text).items()
        if other > number and likeness >= least
    ]
    return sorted(found, key=lambda one: (not one.clashes, -one.likeness, one.one, one.other))


def judge() -> Judge:
    """Over all phrasings as they stand; made once for many texts, not once a text."""
    return Lexical(_phrasings())


def _phrasings() -> list[tuple[str, str]]:
    rows = Phrasing.objects.order_by("intent__code", "pk").values_list("intent__code", "text")
    return list(rows)
