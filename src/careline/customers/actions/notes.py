"""What agents tell each other about a person."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers.actions.taking import taken
from careline.customers.models import Note, of
from careline.kit import text
from careline.kit.refusals import NotVisible

NOTE_LIMIT = 50_000


@transaction.atomic
def add_note(person_id: int, body: str, *, actor: Actor) -> Note:
    body = text.clean(body, field="body", label=_("The note"), limit=NOTE_LIMIT, required=True)
    person = taken(person_id, actor=actor)
    return Note.objects.create(person=person, agent_id=actor.agent_id, body=body)


@transaction.atomic
def remove_note(person_id: int, note_id: int, *, actor: Actor) -> None:
    person = taken(person_id, actor=actor)
    gone, _models = Note.objects.filter(of(person.pk), pk=note_id).delete()
    if not gone:
        raise NotVisible(_("There is no such note."))
