"""Segments made, changed and taken away; who belongs to them is worked out by the room that joins all others."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.customers import rules
from careline.customers.models import ComputedTrait, Segment
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, NotVisible

NAME = 100


@transaction.atomic
def keep_segment(name: str, rule: Any, *, actor: Actor, segment_id: int | None = None) -> Segment:
    """A new one, or another name and rule for one that is there; it looks where whoever says so may look."""
    segment = _taken(segment_id, actor) if segment_id is not None else Segment()
    actor.must("customers.edit")
    segment.name = text.clean(name, field="name", limit=NAME, required=True).strip()
    read = rules.read(rule)
    segment.rule, segment.inboxes, segment.changed_at = rules.written(read), looks_into(actor, read), clock.now()
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError:
        raise Conflicting(_("Another segment has this name."), field="name") from None
    audit.record("segment.changed" if segment_id else "segment.made", f"segment:{segment.pk}", actor=actor)
    return segment


@transaction.atomic
def remove_segment(segment_id: int, *, actor: Actor) -> None:
    segment = _taken(segment_id, actor)
    actor.must("customers.edit")
    audit.record("segment.removed", f"segment:{segment.pk}", actor=actor)
    segment.delete()


def looks_into(actor: Actor, rule: rules.Rule) -> list[int] | None:
    """No inbox where it asks for nothing that happens in one; every one for who sees them all."""
    if not any(isinstance(one, rules.Happened | rules.Service) or _looks(one) for one in rules.leaves(rule)):
        return []
    if actor.may("inboxes.view_all"):
        return None
    return sorted(actor.inbox_ids) if actor.may("conversations.view") else []


def _looks(one: rules.Leaf) -> bool:
    """Into inboxes, by way of what is worked out from what happens in them."""
    return isinstance(one, rules.Computed) and not ComputedTrait.objects.filter(name=one.name, inboxes=[]).exists()


def _taken(segment_id: int, actor: Actor) -> Segment:
    found = Segment.objects.visible_to(actor).select_for_update().filter(pk=segment_id).first()
    if found is None:
        raise NotVisible(_("There is no such segment."))
    return found
