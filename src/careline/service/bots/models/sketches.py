"""What somebody is writing and has not kept: it may read as no flow at all."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from careline.kit import clock
from careline.service.bots.models.flows import Bot


class Sketch(models.Model):
    """Of a bot by an agent, begun from the draft as it was at `begun_from`."""

    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="sketches", db_index=False)
    agent_id = models.BigIntegerField()
    text = models.TextField()
    begun_from = models.DateTimeField()
    at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Sketch]]

    class Meta:
        constraints = [models.UniqueConstraint("bot", "agent_id", name="bot_is_sketched_once_by_each")]
