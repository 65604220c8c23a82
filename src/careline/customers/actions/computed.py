"""Computed traits made, changed and taken away; what they are of whom the room that joins all others works out."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.customers import formulas
from careline.customers.models import ComputedTrait, Segment
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, NotVisible, Refused

LABEL = 100


@transaction.atomic
def keep_computed(name: str, label: str, formula: Any, *, actor: Actor) -> ComputedTrait:
    """A new one, or another label and formula for the one of this name; it looks where whoever says so may look."""
    must_define(actor)
    if not formulas.NAME.fullmatch(name):
        raise Refused(_("A name is made of small letters, digits and _, such as “orders_this_year”."), field="name")
    trait = _taken(name, actor) or ComputedTrait(name=name)
    made = trait.pk is None
    read = formulas.read(formula)
    trait.label = text.clean(label, field="label", limit=LABEL, required=True).strip()
    trait.formula, trait.inboxes, trait.changed_at = formulas.written(read), figures_look_into(actor, read), clock.now()
    try:
        with transaction.atomic():
            trait.save()
    except IntegrityError:
        raise Conflicting(_("Another computed trait has this name."), field="name") from None
    audit.record("computed-trait.made" if made else "computed-trait.changed", f"computed-trait:{trait.pk}", actor=actor)
    return trait


@transaction.atomic
def remove_computed(name: str, *, actor: Actor) -> None:
    """With all its values. One that a segment asks for stays, since nobody would know who belongs."""
    trait = _taken(name, actor)
    if trait is None:
        raise NotVisible(_("There is no such computed trait."))
    must_define(actor)
    asking = [one for one in Segment.objects.order_by("pk") if name in names_in(one.rule)]
    if asking:
        told = ngettext(
            "%(count)s segment asks for it; change or remove that first.",
            "%(count)s segments ask for it; change or remove those first.", len(asking),
        )  # fmt: skip
        raise Conflicting(told % {"count": len(asking)})
    audit.record("computed-trait.removed", f"computed-trait:{trait.pk}", actor=actor)
    trait.delete()


def must_define(actor: Actor) -> None:
    """It changes nothing anybody said: it is a figure, for whoever reads figures of customers."""
    actor.must("customers.view")
    actor.must("reports.view")


def figures_look_into(actor: Actor, formula: formulas.Formula) -> list[int] | None:
    """No inbox where such moments happen in none; every one for who sees them all."""
    if formula.kind not in formulas.IN_INBOXES:
        return []
    if actor.may("inboxes.view_all"):
        return None
    return sorted(actor.inbox_ids) if actor.may("conversations.view") else []


def names_in(rule: Any) -> set[str]:
    """The computed traits a stored rule asks for, whether or not it can still be read."""
    if not isinstance(rule, dict):
        return set()
    own = {str(rule.get("name"))} if rule.get("of") == "computed" else set()
    return own.union(*(names_in(one) for one in rule.get("conditions") or ()))


def _taken(name: str, actor: Actor) -> ComputedTrait | None:
    """Of somebody who does not see it the name is taken, and that is all they hear."""
    if not formulas.NAME.fullmatch(name):
        return None
    return ComputedTrait.objects.visible_to(actor).select_for_update().filter(name=name).first()
