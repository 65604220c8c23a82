"""Flows as they are written, as they were published, and the talks they are tested by."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.kit import clock
from careline.service.bots.core import text
from careline.service.bots.core.recording import Recording
from careline.service.bots.core.shapes import Flow


class Bot(models.Model):
    """A flow and its draft; what runs is a version."""

    name = models.TextField(unique=True)
    # The draft as it was written, comments and all; it reads as a flow.
    text = models.TextField()
    # The newest version; 0 where none was published.
    version = models.IntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Bot]]

    class Meta:
        constraints = [models.CheckConstraint(name="bot_has_a_name", condition=~Q(name=""))]

    @property
    def draft(self) -> Flow:
        return text.read(self.text)


class Version(models.Model):
    """A flow as it was published, and how much of it its tests went through then."""

    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.IntegerField()
    text = models.TextField()
    # Exits gone through, of so many.
    taken = models.IntegerField()
    exits = models.IntegerField()
    at = models.DateTimeField(default=clock.now, db_default=Now())
    agent_id = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[Version]]

    class Meta:
        constraints = [
            models.UniqueConstraint("bot", "number", name="bot_version_is_kept_once"),
            models.CheckConstraint(name="bot_version_takes_exits_it_has", condition=Q(taken__lte=models.F("exits"))),
        ]


class Rehearsal(models.Model):
    """A talk that must go the same way in every version that is published."""

    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="rehearsals", db_index=False)
    name = models.TextField()
    # core.recording.Recording.
    content = models.JSONField()

    objects: ClassVar[models.Manager[Rehearsal]]

    class Meta:
        constraints = [
            models.UniqueConstraint("bot", "name", name="bot_rehearsal_has_its_own_name"),
            models.CheckConstraint(name="bot_rehearsal_has_a_name", condition=~Q(name="")),
        ]

    @property
    def recording(self) -> Recording:
        return msgspec.convert(self.content, Recording)
