"""Moments of the line as a subscriber gets them."""

from __future__ import annotations

from careline.touchpoints.models import Touchpoint
from careline.touchpoints.moments import Moment


def heard(*kinds: str) -> list[Moment]:
    """Every moment of these kinds, in the order in which they were told."""
    rows = Touchpoint.objects.filter(kind__in=kinds).order_by("recorded_at", "id")
    return [Moment(**{name: getattr(row, name) for name in Moment.__struct_fields__}) for row in rows]
