"""Who is told, and how that went."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db.models import Count, Max, Q

from careline.accounts.actor import Actor
from careline.hooks.models import Endpoint


class Listening(msgspec.Struct, frozen=True):
    """An endpoint with how many calls wait and how many failed in the last days; its secret is shown to nobody."""

    pk: int
    name: str
    url: str
    waiting: int
    failed: int
    last: datetime | None


def endpoints(actor: Actor) -> list[Listening]:
    """By name."""
    actor.must("rules.manage")
    found = Endpoint.objects.annotate(
        waiting=Count("calls", filter=Q(calls__state="queued")), failed=Count("calls", filter=Q(calls__state="failed")),
        last=Max("calls__at", filter=Q(calls__state="sent")),
    )  # fmt: skip
    return [
        Listening(one.pk, one.name, one.url, one.waiting, one.failed, one.last) for one in found.order_by("name", "pk")
    ]


def there(endpoint_ids: set[int]) -> set[int]:
    """Those that exist; for rooms that name them."""
    return set(Endpoint.objects.filter(pk__in=endpoint_ids).values_list("pk", flat=True))
