"""What this room holds of a person: that they asked for a link, and that they are in."""

from __future__ import annotations

from careline.kit import personal
from careline.service.portal.models import Link, Visit


def _links(person_id: int) -> list[personal.Row]:
    return [
        {
            "address": one.address, "made_at": one.made_at.isoformat(),
            "used_at": one.used_at and one.used_at.isoformat(),
        }
        for one in Link.objects.filter(person=person_id).order_by("pk")
    ]  # fmt: skip


def _visits(person_id: int) -> list[personal.Row]:
    rows = Visit.objects.filter(person=person_id).order_by("pk")
    return [{"address": one.address, "began_at": one.began_at.isoformat()} for one in rows]


def register() -> None:
    personal.register("portal.Link", export=_links, erase=lambda one: Link.objects.filter(person=one).delete()[0])
    personal.register("portal.Visit", export=_visits, erase=lambda one: Visit.objects.filter(person=one).delete()[0])
