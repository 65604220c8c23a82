"""What this room holds of a person: the last events as they came, and files left before their end; a short while."""

from __future__ import annotations

import json

from django.db import connection
from django.db.models import Q, QuerySet

from careline.customers.models import Identity
from careline.kit import personal
from careline.tracking.importing import waiting
from careline.tracking.models import Sighting

# What was refused carries no person; its text may still name one, escaped as JSON or not.
_NAMING = """SELECT s.id FROM tracking_sighting s WHERE s.person_id IS NULL AND EXISTS (
  SELECT FROM unnest(%s::text[]) AS name WHERE position(lower(name) IN lower(s.raw)) > 0)"""


def _of(person_id: int) -> QuerySet[Sighting]:
    known = Identity.objects.filter(person_id=person_id).values_list("value", "original")
    names = {json.dumps(one, ensure_ascii=plain) for pair in known for one in pair for plain in (True, False)}
    with connection.cursor() as cursor:
        cursor.execute(_NAMING, [sorted(names)])
        naming = [row[0] for row in cursor.fetchall()]
    return Sighting.objects.filter(Q(person_id=person_id) | Q(pk__in=naming))


def _export(person_id: int) -> list[personal.Row]:
    return [
        {"at": one.at.isoformat(), "outcome": one.outcome, "event": one.raw} for one in _of(person_id).order_by("pk")
    ]


def register() -> None:
    personal.register("tracking.Sighting", export=_export, erase=lambda person_id: _of(person_id).delete()[0])
    personal.exempt("tracking.Source", "A program of the house, and nobody's.")
    personal.exempt("tracking.Rule", "Says what an event of a name means, of nobody in particular.")
    # What a file held is on the line and given out from there; a file that is still kept may name anybody.
    personal.register("tracking.Import", export=lambda _person_id: [], erase=lambda _person_id: waiting.let_files_go())
    personal.exempt("tracking.RefusedRow", "Numbers and names of columns, and nothing that stood in them.")
