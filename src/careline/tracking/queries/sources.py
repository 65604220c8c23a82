"""Looking at sources, rules and the last events, for whoever sets them up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit.refusals import NotVisible
from careline.tracking import mapping
from careline.tracking.actions.rules import checked
from careline.tracking.actions.sources import MANAGE
from careline.tracking.ecommerce import MEANINGS
from careline.tracking.mapping import RuleRow, Told
from careline.tracking.meaning import Meaning, folded
from careline.tracking.models import Rule, Sighting, Source

PAGE = 100
# As far back as a preview looks among what came last.
LOOKS = 500
PREVIEWED = 10
# For doors, which name no models.
Known = Source


def sources(actor: Actor) -> QuerySet[Source]:
    actor.must(MANAGE)
    return Source.objects.order_by("name", "pk")


def source(actor: Actor, source_id: int) -> Source:
    found = sources(actor).filter(pk=source_id).first()
    if found is None:
        raise NotVisible(_("There is no such source."))
    return found


def sightings(actor: Actor, source_id: int, *, after: int = 0, outcome: str = "", limit: int = PAGE) -> list[Sighting]:
    """The newest first, or those that came after one. They hold what customers did, so that is asked for too."""
    actor.must("customers.view")
    rows = Sighting.objects.filter(source=source(actor, source_id), pk__gt=after)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return list(rows.order_by("-pk")[:limit])


def rules(actor: Actor) -> QuerySet[Rule]:
    actor.must(MANAGE)
    return Rule.objects.order_by("event")


def usual() -> list[tuple[str, Meaning]]:
    """Names that mean something before anybody made a rule."""
    return sorted(MEANINGS.items())


class Seen(msgspec.Struct, frozen=True):
    """One of the last events of a name, as it was and as the rule would have it."""

    source: str
    message_id: str
    before: str
    told: Told


def preview(actor: Actor, event: str, fields: dict[str, str]) -> list[Seen]:
    """What a rule would make of the last events of that name; nothing is written."""
    actor.must("customers.view")
    actor.must(MANAGE)
    meaning = RuleRow(event=folded(event), **checked(**fields)).meaning()
    currency = accounts.organization().currency
    found: list[Seen] = []
    rows = Sighting.objects.filter(type="track").exclude(outcome="refused").select_related("source")
    for row in rows.order_by("-pk")[:LOOKS]:
        if folded(row.event) != folded(event) or (properties := _properties(row.raw)) is None:
            continue
        told = mapping.track(row.event, properties, meaning, currency)
        found.append(Seen(row.source.name, row.message_id, row.kind, told))
        if len(found) == PREVIEWED:
            break
    return found


def names(actor: Actor) -> list[tuple[str, str, int]]:
    """What came last under which name: the name, the kind it became, how often."""
    actor.must("customers.view")
    counted: dict[str, list[Any]] = {}
    rows = Sighting.objects.filter(type="track").exclude(outcome="refused").order_by("-pk")
    for name, kind in rows.values_list("event", "kind")[:LOOKS]:
        counted.setdefault(folded(name), [name, kind, 0])[2] += 1
    return sorted(((name, kind, n) for name, kind, n in counted.values()), key=lambda one: (-one[2], one[0]))


def _properties(raw: str) -> dict[str, Any] | None:
    try:
        found = msgspec.json.decode(raw.encode())
    except (msgspec.DecodeError, RecursionError):
        return None  # it was longer than is kept
    given = found.get("properties") if isinstance(found, dict) else None
    return given if isinstance(given, dict) else {}


def source_names(actor: Actor, source_ids: Iterable[int]) -> dict[int, str]:
    """What sources are called, for whoever sees what they said of customers."""
    actor.must("customers.view")
    return dict(Source.objects.filter(pk__in=list(source_ids)).values_list("pk", "name"))
