"""Looks at what is promised: policies for who keeps them, and the promises of a conversation for who sees that."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import NotVisible
from careline.service.conversations.hot import refused
from careline.service.conversations.models import Conversation
from careline.service.sla.models import Edition, Policy, Promise

LATELY = timedelta(days=28)


class Kept(msgspec.Struct, frozen=True):
    """How many promises of a policy ended kept and broken lately."""

    met: int = 0
    broken: int = 0


def policies(actor: Actor) -> list[Policy]:
    """In the order they are asked; rules choose among them, too."""
    if not actor.may("promises.manage"):
        actor.must("rules.manage")
    return list(Policy.objects.order_by("place", "pk"))


def are_on() -> bool:
    """Whether the house promises anything."""
    return Policy.objects.filter(is_on=True).exists()


def policy(actor: Actor, policy_id: int) -> Policy:
    found = next((one for one in policies(actor) if one.pk == policy_id), None)
    if found is None:
        raise NotVisible(_("There is no such promise."))
    return found


def editions(actor: Actor, policy_id: int) -> list[Edition]:
    """The newest first."""
    return list(policy(actor, policy_id).editions.order_by("-version"))


def lately(actor: Actor, *, at: datetime | None = None) -> dict[int, Kept]:
    """By policy, in the inboxes the actor sees."""
    since = (at or clock.now()) - LATELY
    seen = Promise.objects.filter(course__conversation__in=Conversation.objects.visible_to(actor), policy__isnull=False)
    met, broken = Q(outcome="met", ended_at__gte=since), Q(broken_at__gte=since)
    rows = seen.filter(met | broken).values("policy").annotate(met=Count("pk", met), broken=Count("pk", broken))
    return {row["policy"]: Kept(row["met"], row["broken"]) for row in rows}


def of_conversation(actor: Actor, conversation_id: int) -> list[Promise]:
    """What runs and what has ended, in the order they began."""
    if not Conversation.objects.visible_to(actor).filter(pk=conversation_id).exists():
        raise refused.no_conversation()
    found = Promise.objects.filter(course=conversation_id).select_related("policy")
    return list(found.order_by("begun_at", "pk"))


def deadlines(conversation_ids: Collection[int]) -> dict[int, datetime]:
    """The next of each that has one, for rooms that put work in order; one that is past is a deadline still."""
    rows = Conversation.objects.filter(pk__in=conversation_ids, due_at__isnull=False).values_list("pk", "due_at")
    return {pk: due for pk, due in rows if due is not None}
