"""Open conversations by what they are about, and those that turned out to be of one trouble."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from careline.kit import clock


class Sketch(models.Model):
    """What a conversation began with, as numbers; only ever compared with others of the same model."""

    conversation = models.OneToOneField(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    model_id = models.TextField()
    # float16, as many as the model has.
    vector = models.BinaryField()

    objects: ClassVar[models.Manager[Sketch]]


class Incident(models.Model):
    """One trouble many write about."""

    name = models.TextField()
    opened_at = models.DateTimeField(default=clock.now)
    opened_by = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[Incident]]


class Linked(models.Model):
    """A conversation that is about it; it is about one."""

    conversation = models.OneToOneField(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="linked")
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[Linked]]


class Broadcast(models.Model):
    """One answer to all of them: what was written, by whom, and how many it went to."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="broadcasts")
    # The same again is the same answer.
    once = models.TextField()
    body = models.TextField()
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=clock.now)
    sent = models.IntegerField(default=0)
    left_out = models.IntegerField(default=0)

    objects: ClassVar[models.Manager[Broadcast]]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "once"], name="broadcast_once")]
