"""Traits that are worked out from moments, and what they are for each customer just now."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.accounts.actor import Actor
from careline.customers.models.people import Person
from careline.kit import clock


class ComputedTraitQuerySet(models.QuerySet["ComputedTrait"]):
    def visible_to(self, actor: Actor) -> Self:
        """It says something of every inbox it looks into, so only who sees them all sees it."""
        if not actor.may("customers.view"):
            return self.none()
        if actor.may("inboxes.view_all"):
            return self
        return self.filter(inboxes__contained_by=list(actor.inbox_ids))


class ComputedTrait(models.Model):
    # What programs and rules call it; the label is what people read.
    name = models.TextField(unique=True)
    label = models.TextField()
    # As customers.formulas reads it.
    formula = models.JSONField()
    # The inboxes whose moments count beside those of none; nothing means every inbox there will ever be.
    inboxes = ArrayField(models.BigIntegerField(), null=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())
    # When everybody was looked at last; in between, those to whom something happened.
    counted_at = models.DateTimeField(null=True)

    objects = ComputedTraitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="computed_trait_has_names", condition=~Q(name="") & ~Q(label="")),
        ]


class ComputedValue(models.Model):
    """Of a customer, by the id that stands for them; who has no moment that counts has none."""

    trait = models.ForeignKey(ComputedTrait, on_delete=models.CASCADE, related_name="values", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    value = models.JSONField()
    # From how many moments.
    moments = models.IntegerField()
    # When it became what it is.
    at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[ComputedValue]]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trait", "person"], name="computed_value_stands_once"),
            models.CheckConstraint(name="computed_value_comes_from_moments", condition=Q(moments__gt=0)),
        ]
