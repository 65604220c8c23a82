"""Decisions whether a person may be contacted, and holds that say no for a while."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from careline.kit import clock


class Decision(models.Model):
    """One answer to "may we contact this person now?"; its key makes asking twice the same question."""

    key = models.TextField(unique=True)
    person = models.ForeignKey("customers.Person", on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    channel = models.TextField()
    allowed = models.BooleanField()
    reason = models.TextField(default="", blank=True)
    at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Decision]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="decision_refusal_has_a_reason", condition=Q(allowed=True) | ~Q(reason="")),
            models.CheckConstraint(
                name="decision_names_its_question", condition=~Q(key="") & ~Q(purpose="") & ~Q(channel="")
            ),
            # The outbox refers to all three: a refused decision, or one about somebody else, sends nothing.
            models.UniqueConstraint(name="decision_is_whole", fields=["id", "person", "allowed"]),
        ]
        indexes = [models.Index(name="decision_of_person", fields=["person", "-at", "-id"])]


class Hold(models.Model):
    """Nobody contacts this person until the hold ends or is released."""

    person = models.ForeignKey("customers.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField()
    until = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Hold]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="hold_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="hold_ends_after_it_begins", condition=Q(until__isnull=True) | Q(until__gt=F("created_at"))
            ),
        ]
        indexes = [models.Index(name="hold_of_person", fields=["person", "-created_at", "-id"])]

    @property
    def is_running(self) -> bool:
        return self.released_at is None and (self.until is None or self.until > clock.now())
