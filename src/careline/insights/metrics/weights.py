"""What each part of effort weighs in a house: alike, or by its own answers once somebody who reads reports says so."""

from __future__ import annotations

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.insights.metrics import weighing
from careline.insights.metrics.definitions import Definition
from careline.insights.metrics.weighing import Eased, Told
from careline.insights.models import Weighing
from careline.insights.warehouse import easing
from careline.insights.warehouse.reading import reading
from careline.insights.warehouse.sight import WHOLE
from careline.kit.refusals import Refused
from careline.touchpoints.feelings import PARTS

EFFORT = "effort"
ALIKE = (100,) * len(PARTS)
WAYS = ("alike", "answers")
_CHANGED = {
    "answers": n_("Weighed by this house's own answers about ease."),
    "alike": n_("Each part weighs alike again."),
}  # fmt: skip
_FORMULA = n_(
    "The mean of what a conversation cost the customer: further contacts, late answers, transfers and changes of "
    "channel, each counted up to 3 and weighed by this house's own answers about ease. It is counted, not asked."
)


def told(actor: Actor) -> Told:
    """What all answers of the house tell; sums over everybody, which show nobody."""
    actor.must("reports.view")
    with reading() as copy:
        rows = easing.answers(copy.conn, copy.sight(WHOLE), weighing.FOLDS)
    return weighing.told(Eased(*row) for row in rows)


def in_force() -> Weighing | None:
    """None while nobody has ever weighed."""
    return Weighing.objects.order_by("-pk").first()


def weights() -> tuple[int, ...]:
    """In hundredths, in the order of the parts."""
    found = in_force()
    return tuple(found.weights) if found else ALIKE


def today(definition: Definition) -> Definition:
    """The definition as it is in force: by how often effort was weighed anew, and how it is weighed now."""
    if definition.name != EFFORT or (found := in_force()) is None:
        return definition
    by_answers = found.way == "answers"
    return msgspec.structs.replace(
        definition, version=definition.version + Weighing.objects.count(), changed_on=found.at.date(),
        changed=_CHANGED[found.way], formula=_FORMULA if by_answers else definition.formula,
    )  # fmt: skip


@transaction.atomic
def weigh(way: str, *, actor: Actor) -> Weighing:
    """From now on figures of effort, those of the past too, weigh its parts this way."""
    actor.must("reports.view")
    if way not in WAYS:
        raise Refused(_("Choose one of: %(offered)s.") % {"offered": ", ".join(WAYS)}, field="way")
    chosen, n = ALIKE, None
    if way == "answers":
        found = told(actor)
        if not found.holds:
            raise Refused(_("These answers do not tell how much each part weighs."), field="way")
        chosen, n = found.weights, found.n
    kept = Weighing.objects.create(way=way, weights=list(chosen), n=n, agent_id=actor.agent_id)
    audit.record("effort.weighed", f"weighing:{kept.pk}", actor=actor, weights=list(chosen))
    return kept
