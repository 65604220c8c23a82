"""Looking at rules, what they were, and where they ran."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit.refusals import NotVisible
from careline.service.conversations.models import Conversation
from careline.service.rules.models import Firing, Rule, Version


class Ran(msgspec.Struct, frozen=True):
    """A firing in a conversation the viewer sees."""

    id: int
    conversation_id: int
    version: int
    at: datetime
    done: list[dict[str, Any]]


def rules(actor: Actor, *, since: datetime | None = None) -> QuerySet[Rule]:
    """In the order they are asked; `ran` counts firings since then, `last` is the newest of all."""
    actor.must("rules.manage")
    lately = Q() if since is None else Q(firings__at__gte=since)
    return Rule.objects.annotate(ran=Count("firings", filter=lately), last=Max("firings__at")).order_by(
        "position", "pk"
    )


def rule(actor: Actor, rule_id: int) -> Rule:
    found = rules(actor).filter(pk=rule_id).first()
    if found is None:
        raise NotVisible(_("There is no such rule."))
    return found


def versions(actor: Actor, rule_id: int) -> list[Version]:
    """The newest first."""
    return list(Version.objects.filter(rule=rule(actor, rule_id)).order_by("-number"))


def firings(actor: Actor, rule_id: int, *, before: int | None = None, limit: int = 50) -> list[Ran]:
    """The newest first, those before a number; of conversations the viewer sees."""
    seen = Conversation.objects.visible_to(actor).values("pk")
    found = Firing.objects.filter(rule=rule(actor, rule_id), conversation_id__in=seen).order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    return [Ran(one.pk, one.conversation_id, one.version, one.at, one.done) for one in found[:limit]]
