"""Which policy a conversation has: the one somebody chose for it, else the first that is on and fits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec

from careline.service.conversations import conditions
from careline.service.sla import terms
from careline.service.sla.models import Edition, Policy
from careline.service.sla.terms import Terms

# What may make other conditions hold.
CHANGES = frozenset({
    "conversation.opened", "message.received", "conversation.assigned", "conversation.awaited",
    "conversation.prioritized", "conversation.tagged", "conversation.described",
})  # fmt: skip


class Policies(msgspec.Struct, frozen=True):
    """All there are, those that are asked first at the front."""

    all: tuple[Policy, ...]

    @classmethod
    def now(cls) -> Policies:
        return cls(tuple(Policy.objects.order_by("place", "pk")))

    @property
    def are_on(self) -> bool:
        return any(one.is_on for one in self.all)

    def of(self, policy_id: int | None) -> Policy | None:
        return next((one for one in self.all if one.pk == policy_id and one.is_on), None)

    def chosen(self, ids: Collection[int], *, at: datetime | None = None) -> dict[int, Policy | None]:
        """For each conversation, as it is now."""
        if not self.are_on or not ids:
            return dict.fromkeys(ids)
        asked = [(one, conditions.read(one.conditions)) for one in self.all if one.is_on]
        found = conditions.subjects(ids, at=at)
        return {
            one: next((policy for policy, wanted in asked if conditions.met(wanted, found[one])), None)
            if one in found else None
            for one in ids
        }  # fmt: skip


def editions(policy_ids: Collection[int]) -> dict[tuple[int, int], Terms]:
    """Terms by policy and version: what runs goes by those it was planned by until it is planned anew."""
    rows = Edition.objects.filter(policy__in=policy_ids).values_list("policy_id", "version", "terms")
    return {(policy, version): terms.of(stored) for policy, version, stored in rows}
