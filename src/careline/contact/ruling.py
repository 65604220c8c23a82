"""The house says by what is decided: limits, quiet hours and silence of a scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.contact import scopes
from careline.contact.models import Scope
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, NotVisible, Refused

LABEL_LIMIT = 100
LONGEST_SILENCE = 365


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What a scope is to be; all of it is kept anew."""

    label: str
    priority: scopes.Priority = "normal"
    caps: Sequence[scopes.Cap] = ()
    quiet_from: time | None = None
    quiet_to: time | None = None
    quiet_days: Sequence[int] = ()
    talks: str = "open"
    promise_days: int = 14


@transaction.atomic
def keep_rules(name: str, rules: Rules, *, actor: Actor) -> Scope:
    """Make a scope or change it; from the next decision on."""
    actor.must("organization.manage")
    scopes.must_be_a_name(name)
    if name.startswith(f"{scopes.ANY}/"):
        raise Refused(_("“any” is around everything already."), field="name")
    if (rules.quiet_from is None) != (rules.quiet_to is None):
        raise Refused(_("Quiet hours have a beginning and an end."), field="quiet_from")
    if rules.quiet_from is not None and rules.quiet_from == rules.quiet_to:
        raise Refused(_("Quiet hours end at another time than they begin."), field="quiet_to")
    words = {
        "label": text.clean(rules.label.strip(), field="label", limit=LABEL_LIMIT, required=True),
        "priority": _one_of(rules.priority, scopes.PRIORITIES, "priority"),
        "talks": _one_of(rules.talks, Scope.Talks.values, "talks"),
        "caps": msgspec.to_builtins(_caps(rules.caps)),
        "quiet_from": rules.quiet_from,
        "quiet_to": rules.quiet_to,
        "quiet_days": _days(rules.quiet_days),
        "promise_days": rules.promise_days,
        "changed_at": clock.now(),
    }
    if not 0 <= rules.promise_days <= LONGEST_SILENCE:
        raise Refused(_("Give 0 to %(most)s days.") % {"most": LONGEST_SILENCE}, field="promise_days")
    scope, _made = Scope.objects.update_or_create(name=name, defaults=words)
    audit.record("contact-rules.kept", f"scope:{scope.pk}", actor=actor)
    return scope


@transaction.atomic
def drop_rules(name: str, *, actor: Actor) -> None:
    """What falls under it is decided by the scope around it from now on."""
    actor.must("organization.manage")
    found = Scope.objects.select_for_update().filter(name=name).first() if "\0" not in name else None
    if found is None:
        raise NotVisible(_("There are no contact rules of this name."))
    if found.name == scopes.ANY:
        raise Conflicting(_("The rules for everything can be changed, not taken away."))
    number = found.pk
    found.delete()
    audit.record("contact-rules.dropped", f"scope:{number}", actor=actor)


def _caps(given: Sequence[scopes.Cap]) -> list[scopes.Cap]:
    if len(given) > scopes.MOST_CAPS:
        raise Refused(_("A scope has at most %(most)s limits.") % {"most": scopes.MOST_CAPS}, field="caps")
    try:
        return msgspec.convert(msgspec.to_builtins(list(given)), list[scopes.Cap])
    except msgspec.ValidationError as wrong:
        raise Refused(_("A limit is 1 to 1,000 contacts in one hour to 366 days."), field="caps") from wrong


def _days(given: Iterable[int]) -> list[int]:
    days = sorted(set(given))
    if not set(days) <= set(range(1, 8)):
        raise Refused(_("Days are numbers from 1, Monday, to 7."), field="quiet_days")
    if len(days) == 7:
        raise Refused(_("Leave at least one day of the week."), field="quiet_days")
    return days


def _one_of(given: str, offered: Sequence[str], field: str) -> str:
    if given not in offered:
        raise Refused(_("Choose one from the list."), field=field)
    return given
