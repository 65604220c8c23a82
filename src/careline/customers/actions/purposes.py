"""The kinds of message the house writes unasked, which customers may want or not."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers.actions.consent import ANY, must_be_a_purpose
from careline.customers.models import Purpose
from careline.kit import text
from careline.kit.refusals import Conflicting, NotVisible, Refused

LABEL_LIMIT = 100
ABOUT_LIMIT = 300
# Whoever is asked how it went can always say that they do not want to be.
SURVEYS = "surveys"


@transaction.atomic
def define_purpose(name: str, label: str, about: str = "", *, actor: Actor) -> Purpose:
    """Define one, or say it in other words."""
    actor.must("organization.manage")
    must_be_a_purpose(name, field="name")
    if name == ANY:
        raise Refused(_("“any” stands for all of them already."), field="name")
    words = {
        "label": text.clean(label, field="label", limit=LABEL_LIMIT, required=True),
        "about": text.clean(about, field="about", limit=ABOUT_LIMIT),
    }
    purpose, _created = Purpose.objects.update_or_create(name=name, defaults=words)
    return purpose


@transaction.atomic
def drop_purpose(name: str, *, actor: Actor) -> None:
    """It is offered no more. What customers said of it stays: a no is a no."""
    actor.must("organization.manage")
    if name == SURVEYS:
        raise Conflicting(_("Customers can always say no to surveys; this kind can be said in other words only."))
    # No name has a NUL, and the database cannot be asked for one.
    if "\0" in name or not Purpose.objects.filter(name=name).delete()[0]:
        raise NotVisible(_("There is no such kind of message."))
