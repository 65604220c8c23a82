"""Rules that say what an event of a name means; from the next event on."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.kit import text
from careline.kit.refusals import NotVisible, Refused
from careline.tracking import limits, mapping
from careline.tracking.actions.sources import MANAGE
from careline.tracking.meaning import folded
from careline.tracking.models import Rule

STAGE = 60
PATH = 100
_NOUN = re.compile(r"[a-z][a-z-]{0,39}")
# What other rooms number themselves; an event from outside may not pose as theirs.
_TAKEN = {"conversation"}


@transaction.atomic
def set_rule(
    event: str,
    kind: str,
    *,
    actor: Actor,
    journey: str = "",
    journey_property: str = "",
    stage: str = "",
    value_property: str = "",
    currency_property: str = "",
) -> Rule:
    """What events of this name are from now on; one rule a name, so the same name again changes it."""
    actor.must(MANAGE)
    fields = checked(
        kind, journey=journey, journey_property=journey_property, stage=stage, value_property=value_property,
        currency_property=currency_property,
    )  # fmt: skip
    written = text.clean(event, field="event", limit=limits.NAME, required=True)
    rule, _created = Rule.objects.update_or_create(event=folded(written), defaults={"written": written, **fields})
    audit.record("rule.changed", f"rule:{rule.pk}", actor=actor)
    return rule


@transaction.atomic
def drop_rule(rule_id: int, *, actor: Actor) -> None:
    actor.must(MANAGE)
    gone, _models = Rule.objects.filter(pk=rule_id).delete()
    if not gone:
        raise NotVisible(_("There is no such rule."))
    audit.record("rule.dropped", f"rule:{rule_id}", actor=actor)


def checked(
    kind: str,
    *,
    journey: str = "",
    journey_property: str = "",
    stage: str = "",
    value_property: str = "",
    currency_property: str = "",
) -> dict[str, str]:
    """A rule's fields as they are stored; a preview asks the same."""
    if kind not in mapping.MAPPABLE:
        raise Refused(
            _("No event can become a touchpoint of the kind “%(kind)s”.") % {"kind": kind[:100]}, field="kind"
        )
    if journey and (not _NOUN.fullmatch(journey) or journey in _TAKEN):
        raise Refused(_("A journey is named by a word in small letters, such as “order”."), field="journey")
    if bool(journey) != bool(journey_property):
        raise Refused(_("A journey needs its name and the property that numbers it."), field="journey_property")
    return {
        "kind": kind,
        "journey": journey,
        "journey_property": text.clean(journey_property, field="journey_property", limit=PATH),
        "stage": text.clean(stage.strip(), field="stage", limit=STAGE),
        "value_property": text.clean(value_property, field="value_property", limit=PATH),
        "currency_property": text.clean(currency_property, field="currency_property", limit=PATH),
    }
