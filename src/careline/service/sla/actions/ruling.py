"""The house says what it promises, to whom first, and what follows; each change of terms is a version of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.service.conversations import conditions
from careline.service.sla import terms
from careline.service.sla.models import Edition, Policy
from careline.service.sla.terms import Terms

NAME_LIMIT = 80
MOST = 50


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy is to be; all of it is kept anew. `conditions` as careline.service.conversations.conditions."""

    name: str
    terms: Terms
    conditions: Any = msgspec.field(default_factory=dict)
    is_on: bool = True


@transaction.atomic
def keep_policy(ruling: Ruling, *, actor: Actor, policy_id: int | None = None) -> Policy:
    """Make a policy or change one. What runs goes by the new terms from now on; what has ended stays as it was."""
    actor.must("promises.manage")
    policy = Policy(place=_last() + 1, version=0) if policy_id is None else _taken(policy_id)
    policy.name = text.clean(ruling.name, field="name", limit=NAME_LIMIT, required=True)
    policy.conditions = conditions.written(conditions.checked(ruling.conditions))
    said = terms.checked(ruling.terms)
    for step in said.steps:
        if step.act == "team" and step.value is not None:
            accounts.team(actor, step.value)
    policy.is_on, policy.changed_at, wanted = ruling.is_on, clock.now(), terms.stored(said)
    is_new_version = policy.version == 0 or wanted != policy.terms
    policy.version, policy.terms = policy.version + is_new_version, wanted
    try:
        with transaction.atomic():
            policy.save()
    except IntegrityError:
        raise Conflicting(_("There is already a promise of this name."), field="name") from None
    if is_new_version:
        Edition.objects.create(policy=policy, version=policy.version, terms=wanted, since=policy.changed_at)
    audit.record("promise.kept", f"promise:{policy.pk}", actor=actor, version=policy.version)
    return policy


@transaction.atomic
def drop_policy(policy_id: int, *, actor: Actor) -> None:
    """What runs under it goes by whatever fits then, or is promised no longer."""
    actor.must("promises.manage")
    _taken(policy_id).delete()
    audit.record("promise.dropped", f"promise:{policy_id}", actor=actor)


@transaction.atomic
def order_policies(policy_ids: Sequence[int], *, actor: Actor) -> None:
    """All of them, the one that is asked first at the front."""
    actor.must("promises.manage")
    known = list(Policy.objects.select_for_update().order_by("place", "pk"))
    if sorted(policy_ids) != sorted(one.pk for one in known):
        raise Refused(_("Name every promise once."), field="order")
    for one in known:
        one.place = list(policy_ids).index(one.pk)
    Policy.objects.bulk_update(known, ["place"])
    audit.record("promise.ordered", "promises", actor=actor)


def _taken(policy_id: int) -> Policy:
    found = Policy.objects.select_for_update().filter(pk=policy_id).first()
    if found is None:
        raise NotVisible(_("There is no such promise."))
    return found


def _last() -> int:
    if Policy.objects.count() >= MOST:
        raise Refused(_("At most %(most)s promises can be kept.") % {"most": MOST})
    return Policy.objects.aggregate(last=Max("place"))["last"] or 0
