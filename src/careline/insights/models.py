"""What the room keeps in the database: only what the columnar copy needs to follow it."""

from __future__ import annotations

from django.db import models

from careline.kit import clock
from careline.touchpoints.fields import CurrentTransaction, TransactionId


class Stale(models.Model):
    """A person whose moments changed after they were written, which only erasure does."""

    person_id = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)
    xid = TransactionId(db_default=CurrentTransaction(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["xid"], name="stale_by_commit")]
