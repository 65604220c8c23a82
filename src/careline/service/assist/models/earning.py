"""Which intents have earned to be answered without a hand on the key, and what went that way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.kit import clock


class Earning(models.Model):
    """One row: how much has to be earned, and how often somebody looks before it goes."""

    least = models.IntegerField(default=20, db_default=20)
    every = models.IntegerField(default=10, db_default=10)

    objects: ClassVar[models.Manager[Earning]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="earning_is_one", condition=Q(id=1)),
            models.CheckConstraint(name="earning_is_bounded", condition=Q(least__gte=5, every__gte=2)),
        ]


class Trust(models.Model):
    """The switch of one intent."""

    intent = models.OneToOneField("intents.Intent", on_delete=models.CASCADE, primary_key=True, related_name="+")
    is_on = models.BooleanField(default=False, db_default=False)
    # So often it was its turn; one of so many is held.
    turns = models.IntegerField(default=0, db_default=0)
    # Since one was wrong: what was accepted before counts no longer.
    stopped_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Trust]]


class Sample(models.Model):
    """An answer that went by itself, or was held for an agent to send; once in a conversation. No word of it."""

    class Verdict(models.TextChoices):
        RIGHT = "right"
        WRONG = "wrong"

    conversation = models.OneToOneField("conversations.Conversation", on_delete=models.CASCADE, related_name="+")
    inbox_id = models.BigIntegerField()
    # The code, which is all that is left where the intent is gone.
    intent = models.TextField()
    source = models.TextField()
    item = models.BigIntegerField()
    # What was sent; None where it was held.
    message_id = models.UUIDField(null=True)
    # By what it was earned then.
    taken = models.IntegerField()
    of = models.IntegerField()
    verdict = models.TextField(choices=Verdict.choices, null=True)
    reviewed_by = models.BigIntegerField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Sample]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="sample_is_the_houses_words", condition=Q(source__in=["article", "saved"])),
            models.CheckConstraint(
                name="sample_is_reviewed_at_a_time",
                condition=Q(verdict=None, reviewed_at=None) | Q(verdict__isnull=False, reviewed_at__isnull=False),
            ),
        ]
        indexes = [models.Index("at", "id", name="sample_at")]
