"""What this room holds of a person: the last events as they came, and files left before their end; a short while."""

from __future__ import annotations

import json

from django.db import connection
from django.db.models import Q

from careline.customers.models import Identity, Person
from careline.kit import personal
from careline.tracking.importing import waiting
from careline.tracking.models import Sighting

# An event may name somebody whose line it is not on, escaped as JSON or not: refused, or of somebody else.
_NAMING = """SELECT s.id FROM tracking_sighting s WHERE s.person_id IS DISTINCT FROM %s AND EXISTS (
  SELECT FROM unnest(%s::text[]) AS name
  WHERE position(lower(name) IN lower(s.raw)) > 0 OR name IN (s.event, s.message_id))"""


def _naming(person_id: int) -> list[int]:
    known = Identity.objects.filter(person_id=person_id).values_list("value", "original")
    called = Person.objects.filter(pk=person_id).exclude(name="").values_list("name", flat=True)
    words = {one for pair in known for one in pair} | set(called)
    names = {json.dumps(one, ensure_ascii=plain) for one in words for plain in (True, False)}
    with connection.cursor() as cursor:
        cursor.execute(_NAMING, [person_id, sorted(names)])
        return [row[0] for row in cursor.fetchall()]


def _export(person_id: int) -> list[personal.Row]:
    # What is somebody else's is not handed out with it.
    theirs = Sighting.objects.filter(Q(person_id=person_id) | Q(person_id=None, pk__in=_naming(person_id)))
    return [{"at": one.at.isoformat(), "outcome": one.outcome, "event": one.raw} for one in theirs.order_by("pk")]


def _erase(person_id: int) -> int:
    """What is on nobody's line may be of anybody, cut off or without a name: all of it goes."""
    gone = Sighting.objects.filter(Q(person_id=person_id) | Q(person_id=None) | Q(pk__in=_naming(person_id)))
    return gone.delete()[0]


def register() -> None:
    personal.register("tracking.Sighting", export=_export, erase=_erase)
    personal.exempt("tracking.Source", "A program of the house, and nobody's.")
    personal.exempt("tracking.Rule", "Says what an event of a name means, of nobody in particular.")
    # What a file held is on the line and given out from there; a file that is still kept may name anybody.
    personal.register("tracking.Import", export=lambda _person_id: [], erase=lambda _person_id: waiting.let_files_go())
    personal.exempt("tracking.RefusedRow", "Numbers and names of columns, and nothing that stood in them.")
