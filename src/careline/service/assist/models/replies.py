"""What colleagues answered, replies that are kept, and what became of those that were suggested."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.kit import clock


class Answered(models.Model):
    """What a customer asked and an agent answered, without whom it was about. Given its vector once, and never changed
    after, so that whoever holds vectors in memory reads only those that are new."""

    message_id = models.UUIDField(unique=True)
    conversation_id = models.BigIntegerField()
    inbox_id = models.BigIntegerField()
    person_id = models.BigIntegerField(db_index=True)
    language = models.TextField()
    asked = models.TextField()
    reply = models.TextField()
    # What the reply was made of: "article:5", "saved:3"; empty where it was written.
    source = models.TextField(default="", db_default="", blank=True)
    vector = models.BinaryField(null=True)
    model_id = models.TextField(default="", db_default="", blank=True)
    said_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[Answered]]

    class Meta:
        constraints = [models.CheckConstraint(name="answered_has_words", condition=~Q(asked="") & ~Q(reply=""))]
        indexes = [models.Index(name="answered_unread", fields=["id"], condition=Q(vector=None))]


class Saved(models.Model):
    """A reply that is kept: `{customer}` and `{agent}` in it are filled in where it is used."""

    name = models.TextField(unique=True)
    language = models.TextField()
    body = models.TextField()
    # Where it may be used; nowhere named is everywhere.
    inbox_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    vector = models.BinaryField(null=True)
    model_id = models.TextField(default="", db_default="", blank=True)
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Saved]]

    class Meta:
        constraints = [models.CheckConstraint(name="saved_has_words", condition=~Q(name="") & ~Q(body=""))]


class Use(models.Model):
    """What an agent did with a suggestion: taken as it was, edited, put away, or passed over for other words."""

    class Act(models.TextChoices):
        TAKEN = "taken"
        EDITED = "edited"
        DISMISSED = "dismissed"
        PASSED = "passed"

    source = models.TextField()
    item = models.BigIntegerField()
    act = models.TextField(choices=Act.choices)
    agent_id = models.BigIntegerField(null=True)
    conversation_id = models.BigIntegerField()
    message_id = models.UUIDField(null=True)
    # Whether it stood first, as the one that would have gone by itself.
    on_top = models.BooleanField(default=False, db_default=False)
    # Whether it went as it was, without a word before or after.
    whole = models.BooleanField(default=False, db_default=False)
    # What the customer wanted, by its code: empty where that was not clear, None until it is judged in the background.
    intent = models.TextField(null=True)
    at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Use]]

    class Meta:
        constraints = [
            models.UniqueConstraint("conversation_id", "source", "item", "message_id", name="use_counts_once",
                                    nulls_distinct=False),
            models.CheckConstraint(
                name="use_is_known",
                condition=Q(
                    source__in=["article", "answer", "saved"], act__in=["taken", "edited", "dismissed", "passed"]
                ),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(name="use_of_item", fields=["source", "item"]),
            models.Index(name="use_of_message", fields=["message_id"], condition=Q(message_id__isnull=False)),
            models.Index("intent", "at", name="use_that_earns", condition=Q(on_top=True) & ~Q(intent="")),
            models.Index("id", name="use_not_judged", condition=Q(intent__isnull=True)),
        ]
