"""How customers' words felt, how agents read them, and what a house's own labels say of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from careline.kit import clock


class Felt(models.Model):
    """Of one message, by what was used for it; found when somebody first looks, and again when that has changed."""

    message = models.OneToOneField(
        "conversations.Message", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    label = models.TextField()
    # None where the language is not known.
    score = models.FloatField(null=True)
    # Those that carried it, with their weights.
    words = models.JSONField(default=list)
    emotion = models.TextField(default="", blank=True)
    # The tool's version and the calibration's number.
    by = models.TextField()

    objects: ClassVar[models.Manager[Felt]]


class Label(models.Model):
    """How a message is to be read: an agent's thumb says so, or what the customer answered or did after it."""

    class Source(models.TextChoices):
        THUMB = "thumb"
        ANSWER = "answer"
        REOPENED = "reopened"

    message = models.OneToOneField(
        "conversations.Message", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    label = models.TextField()
    source = models.TextField(choices=Source)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[Label]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="label_is_known", condition=Q(label__in=["positive", "neutral", "negative"]))
        ]
        indexes = [models.Index(fields=["source", "-at"], name="label_by_source")]


class Calibration(models.Model):
    """What a house's own labels say: careline.intelligence.sentiment.Calibration. The newest that is better holds."""

    learned = models.JSONField()
    labels = models.IntegerField()
    # Of so many that were there, in whatever language.
    of = models.IntegerField()
    # How many each kind of label gave: thumbs, answers, reopened.
    sources = models.JSONField(default=dict)
    # Of every fifth label, kept aside: how many were read rightly without and with it.
    aside = models.IntegerField()
    plain_right = models.IntegerField()
    right = models.IntegerField()
    # No better than without, and not used.
    is_used = models.BooleanField()
    made_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[Calibration]]
