"""Segments: customers of whom the same is true, and who they are just now."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.accounts.actor import Actor
from careline.customers.models.people import Person
from careline.kit import clock


class SegmentQuerySet(models.QuerySet["Segment"]):
    def visible_to(self, actor: Actor) -> Self:
        """A segment says something of every inbox it looks into, so only who sees them all sees it."""
        if not actor.may("customers.view"):
            return self.none()
        if actor.may("inboxes.view_all"):
            return self
        return self.filter(inboxes__contained_by=list(actor.inbox_ids))


class Segment(models.Model):
    name = models.TextField(unique=True)
    # As customers.rules reads it.
    rule = models.JSONField()
    # The inboxes whose conversations and moments count; nothing means every inbox there will ever be.
    inboxes = ArrayField(models.BigIntegerField(), null=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())
    # When everybody was looked at last; in between, those to whom something happened.
    counted_at = models.DateTimeField(null=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="segment_has_a_name", condition=~Q(name=""))]


class SegmentMember(models.Model):
    """A customer, by the id that stands for them."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="members", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    entered_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[SegmentMember]]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "person"], name="segment_member_stands_once")]
