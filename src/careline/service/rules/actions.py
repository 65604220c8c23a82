"""Write rules, order them, switch them on and off; every change is a version, and none touches what ran before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.service.rules import ready, shapes
from careline.service.rules.models import Rule, Version
from careline.service.rules.reading import checked

MOST = 200


@transaction.atomic
def keep(
    name: str, when: Any, conditions: Any, then: Any, *, actor: Actor, rule_id: int | None = None, of_ready: str = ""
) -> Rule:
    """A new rule, off and last; or the next version of one, for what happens from now on. Raw forms: reading.checked.

    What a rule has put off goes on as it was when it began.
    """
    actor.must("rules.manage")
    rule = Rule() if rule_id is None else _taken(rule_id)
    if rule_id is None and Rule.objects.count() >= MOST:
        raise Refused(_("At most %(most)s rules can be kept.") % {"most": MOST})
    found = checked(name, when, conditions, then)
    raw = shapes.stored(found)
    if rule.pk and raw == rule.content:
        return rule
    if rule.pk:
        rule.version += 1
    else:
        rule.position, rule.ready = (Rule.objects.aggregate(last=Max("position"))["last"] or 0) + 1, of_ready
    if rule.is_on and found.when.since is not None:
        # Another time is counted from now on.
        rule.asked_at, rule.asked_id = clock.now(), 0
    rule.name, rule.content, rule.kind, rule.changed_at = found.name, raw, found.when.kind, clock.now()
    rule.save()
    Version.objects.create(rule=rule, number=rule.version, content=raw, agent_id=actor.agent_id)
    audit.record("rule.kept", f"rule:{rule.pk}", actor=actor, version=rule.version)
    return rule


def keep_ready(name: str, *, actor: Actor) -> Rule:
    """One of the ready-made, off, to be looked at and changed."""
    one = ready.RULES.get(name)
    if one is None:
        raise NotVisible(_("There is no such rule."))
    return keep(str(one.name), one.when, one.conditions, one.then, actor=actor, of_ready=name)


@transaction.atomic
def switch(rule_id: int, *, on: bool, actor: Actor) -> Rule:
    """From now on: what came before it was on is not made up for, and what it had put off is dropped when it is off."""
    actor.must("rules.manage")
    rule = _taken(rule_id)
    if rule.is_on == on:
        raise Conflicting(_("This rule is on already.") if on else _("This rule is off already."))
    says = rule.says
    if on:
        # What it names may be gone since it was written.
        checked(says.name, *(shapes.stored(says)[part] for part in ("when", "conditions", "then")))
    rule.is_on, rule.asked_id = on, 0
    rule.asked_at = clock.now() if on and says.when.since is not None else None
    rule.save(update_fields=["is_on", "asked_at", "asked_id"])
    audit.record("rule.switched", f"rule:{rule.pk}", actor=actor, on=on)
    return rule


@transaction.atomic
def order(rule_ids: Sequence[int], *, actor: Actor) -> None:
    """Those that are named come first, in this order; the others follow as they were."""
    actor.must("rules.manage")
    rules = {one.pk: one for one in Rule.objects.select_for_update().order_by("position", "pk")}
    if len(set(rule_ids)) < len(rule_ids) or not set(rule_ids) <= set(rules):
        raise NotVisible(_("There is no such rule."))
    for position, pk in enumerate([*rule_ids, *(pk for pk in rules if pk not in set(rule_ids))], 1):
        Rule.objects.filter(pk=pk).update(position=position)
    audit.record("rules.ordered", "rules", actor=actor, order=list(rule_ids))


@transaction.atomic
def drop(rule_id: int, *, actor: Actor) -> None:
    """With what is known of its firings; what it did stays done and in the threads."""
    actor.must("rules.manage")
    rule = _taken(rule_id)
    rule.delete()
    audit.record("rule.dropped", f"rule:{rule_id}", actor=actor)


def _taken(rule_id: int) -> Rule:
    rule = Rule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotVisible(_("There is no such rule."))
    return rule
