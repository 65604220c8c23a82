"""Values kept true: after moments of those they happened to, and once a night of everybody."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from django.db import transaction

from careline.customers import computed, formulas
from careline.customers.models import ComputedTrait
from careline.insights.computed.dialect import Figures
from careline.insights.segments import keeping as segments
from careline.insights.segments import meaning
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.touchpoints import Moment

_log = logging.getLogger(__name__)


def react(moments: Sequence[Moment]) -> None:
    """Worked out anew for those to whom something happened that counts, and for nobody else."""
    regrouped = meaning.regrouped(moments)
    changed: dict[str, list[int]] = {}
    for trait in computed.every():
        formula = _formula(trait)
        if formula is None:
            continue
        touched = {one.person_id for one in moments if one.kind == formula.kind and one.person_id is not None}
        if touched | regrouped:
            changed[trait.name] = _look(trait.pk, touched | regrouped)
    segments.look_for(changed)


def _look(trait_id: int, people: Collection[int]) -> list[int]:
    """With the formula as it stands now that nobody else works on it; of whom it became another."""
    for trait in computed.held(trait_id):
        if (formula := _formula(trait)) is not None:
            return _settle(trait, formula, people)
    return []


def everybody() -> None:
    """The nightly pass, since time alone takes moments out of the days that count: each in its own transaction."""
    for number in [one.pk for one in computed.every()]:
        whole(number)


@transaction.atomic
def whole(trait_id: int) -> None:
    """Everybody is looked at; segments that ask for it follow by a pass of their own."""
    for trait in computed.held(trait_id):
        if (formula := _formula(trait)) is not None:
            _settle(trait, formula, None)
            computed.counted(trait.pk, clock.now())


def _formula(trait: ComputedTrait) -> formulas.Formula | None:
    """Nothing for one that asks for what is no longer there: its values stay as they are, and its page says so."""
    try:
        return formulas.read(trait.formula)
    except Refused as refusal:
        _log.warning("Computed trait %s is not kept: %s", trait.pk, refusal)
        return None


def _settle(trait: ComputedTrait, formula: formulas.Formula, people: Collection[int] | None) -> list[int]:
    ids = None if people is None else segments.whole_ids(people)
    figures = Figures(inboxes=trait.inboxes, now=clock.now(), people=ids)
    return computed.settle(trait.pk, figures.found(formula), figures.given, people=ids)
