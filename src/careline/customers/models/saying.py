"""What was said by whom: consent to be written to, and where each thing that is known of a person came from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.customers.models.people import Person
from careline.kit import clock


class Consent(models.Model):
    """Whether a person may be written to for a purpose. The id is the one it was said of; of several the no holds."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents", db_index=False)
    # As `contact.decide` is asked; "any" is everything but answers.
    purpose = models.TextField()
    given = models.BooleanField()
    at = models.DateTimeField(default=clock.now, db_default=Now())
    source = models.TextField(default="", db_default="")

    objects: ClassVar[models.Manager[Consent]]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "purpose"], name="consent_is_said_once"),
            models.CheckConstraint(name="consent_has_a_purpose", condition=~Q(purpose="")),
        ]


class Purpose(models.Model):
    """A kind of message the house writes unasked: what consent is said for, in words a customer understands."""

    name = models.TextField(unique=True)
    label = models.TextField()
    about = models.TextField(default="", db_default="", blank=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Purpose]]

    class Meta:
        constraints = [models.CheckConstraint(name="purpose_has_words", condition=~Q(name="") & ~Q(label=""))]


class Origin(models.Model):
    """Where a value on the person's own row came from, and when: `name`, `language`, `zone`, `attribute:plan`."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="origins", db_index=False)
    field = models.TextField()
    at = models.DateTimeField(default=clock.now, db_default=Now())
    source = models.TextField(default="", db_default="")

    objects: ClassVar[models.Manager[Origin]]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "field"], name="origin_of_a_field_stands_once")]
