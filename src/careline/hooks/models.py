"""Who is told, and what is still to be told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.kit import clock


class Endpoint(models.Model):
    """An address of a program that listens; its secret is sealed."""

    name = models.TextField()
    url = models.TextField()
    secret = models.BinaryField()
    is_on = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Endpoint]]

    class Meta:
        constraints = [models.CheckConstraint(name="endpoint_is_somewhere", condition=~Q(url="") & ~Q(name=""))]


class Call(models.Model):
    """One thing that is told: ids and states alone, never what anybody said or is called."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="calls")
    key = models.TextField(unique=True)
    body = models.JSONField()
    state = models.TextField(choices=State.choices, default=State.QUEUED, db_default=State.QUEUED)
    attempts = models.SmallIntegerField(default=0, db_default=0)
    # What the other side answered last, and what was wrong with it.
    status = models.SmallIntegerField(null=True)
    trouble = models.TextField(default="", db_default="", blank=True)
    at = models.DateTimeField(default=clock.now, db_default=Now())
    next_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Call]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="call_state_is_known", condition=Q(state__in=["queued", "sent", "failed"])),
        ]
        indexes = [models.Index("next_at", name="call_due", condition=Q(state="queued"))]
