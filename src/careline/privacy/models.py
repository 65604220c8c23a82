"""What is still to be cleaned from the disk, and how long what is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.kit import clock

# What was promised: nothing of an erased person is on the disk after so long.
PROMISED = timedelta(hours=24)


class CleansingQuerySet(models.QuerySet["Cleansing"]):
    def waiting(self) -> Self:
        return self.filter(clean_at=None)

    def promised(self) -> Self:
        """What is to be done by itself."""
        return self.waiting().filter(cause=Cleansing.Cause.ERASURE)

    def aged(self) -> Self:
        """Months out of which old moments went, of people who are known still: cleaned with the next erasure."""
        return self.waiting().filter(cause=Cleansing.Cause.RETENTION)


class Cleansing(models.Model):
    """Rows went; their bytes are on the disk until their tables and the log of changes were written anew."""

    class Cause(models.TextChoices):
        ERASURE = "erasure"
        RETENTION = "retention"

    cause = models.TextField(choices=Cause.choices)
    # The number that is left of whoever was erased; nobody's, once they are.
    person_id = models.BigIntegerField(null=True)
    tables = ArrayField(models.TextField())
    at = models.DateTimeField(default=clock.now, db_default=Now())
    # Somebody asked for it now; everything else waits for the night.
    urgent = models.BooleanField(default=False, db_default=False)
    step = models.SmallIntegerField(default=0, db_default=0)
    steps = models.SmallIntegerField(default=0, db_default=0)
    tried_at = models.DateTimeField(null=True)
    # Codes of what stood in the way the last time, or of what the database does not let us clean at all.
    left = ArrayField(models.TextField(), default=list, db_default=[])
    clean_at = models.DateTimeField(null=True)

    objects = CleansingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="cleansing_cause_is_known", condition=Q(cause__in=["erasure", "retention"])),
            models.CheckConstraint(
                name="cleansing_of_an_erasure_names_a_number",
                condition=Q(cause="erasure", person_id__isnull=False) | Q(cause="retention", person_id=None),
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-id"], name="cleansing_of_person", condition=Q(cause="erasure")),
            models.Index(fields=["id"], name="cleansing_waiting", condition=Q(clean_at=None)),
        ]

    @property
    def clean_by(self) -> datetime:
        return self.at + PROMISED


class Period(models.Model):
    """How many days a kind is kept; without a row it is as the room that keeps it says."""

    kind = models.TextField(primary_key=True)
    # None: without end.
    days = models.IntegerField(null=True)
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(name="period_is_some_days", condition=Q(days=None) | Q(days__gte=1))]
