"""What this room holds of a person: nothing but the number that is left, and that their bytes are to go."""

from __future__ import annotations

from django.apps import apps

from careline.kit import personal
from careline.privacy.models import Cleansing
from careline.touchpoints import ageing

# Beside the models in the register: answers that are repeated, and the queue.
_ALSO = ("accounts.Idempotency", "customers.Merge")


def _note(person_id: int) -> int:
    """In the transaction of the erasure, before the moments get another number."""
    cleansing = Cleansing.objects.waiting().filter(person_id=person_id, tried_at=None).first() or Cleansing(
        cause=Cleansing.Cause.ERASURE, person_id=person_id, tables=[]
    )
    cleansing.tables = sorted({*cleansing.tables, *_tables(), *ageing.tables_of(person_id)})
    cleansing.save()
    return 0


def _tables() -> set[str]:
    """Wherever something of a person may ever have stood, whether it stands there now or not."""
    labels = {*personal.registered(), *_ALSO} - {"touchpoints.Touchpoint"}
    return {apps.get_model(label)._meta.db_table for label in labels}


def register() -> None:
    personal.register("privacy.Cleansing", export=lambda person_id: [], erase=_note)
    personal.exempt("privacy.Period", "Says how long things are kept, of nobody in particular.")
