"""Touchpoints in month partitions, and what is known of each subscriber: where it stands and what it could not take."""

from __future__ import annotations

import uuid

from django.db import models

from careline.kit import clock
from careline.touchpoints.fields import CurrentTransaction, TransactionId

NIL = uuid.UUID(int=0)


class Touchpoint(models.Model):
    """Written once, in the transaction of the verb it tells of; a trigger refuses every change but erasure."""

    pk = models.CompositePrimaryKey("occurred_at", "id")
    id = models.UUIDField()
    kind = models.TextField()
    version = models.SmallIntegerField(default=1)
    # Without foreign keys: a person's id on a row never changes, whatever becomes of the person.
    person_id = models.BigIntegerField(null=True)
    agent_id = models.BigIntegerField(null=True)
    inbox_id = models.BigIntegerField(null=True)
    actor_kind = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    source = models.TextField()
    journey = models.TextField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    facts = models.JSONField(default=dict)
    xid = TransactionId(db_default=CurrentTransaction(), editable=False)

    class Meta:
        indexes = [
            models.Index(
                models.F("person_id"), models.F("occurred_at").desc(), models.F("id").desc(), name="touchpoint_line"
            ),
            models.Index(fields=["xid", "id"], name="touchpoint_by_commit"),
            models.Index(
                fields=["journey", "occurred_at"],
                condition=models.Q(journey__isnull=False),
                name="touchpoint_by_journey",
            ),
            # The few among the many: talks and orders of somebody who reads pages all day are found without those.
            models.Index(
                models.F("person_id"),
                models.F("occurred_at").desc(),
                models.F("id").desc(),
                condition=~models.Q(kind__in=["page.viewed", "screen.viewed", "event.tracked"]),
                name="touchpoint_story",
            ),
        ]


class Cursor(models.Model):
    """How far a subscriber has come: everything up to (xid, id) has had its effect."""

    subscriber = models.TextField(primary_key=True)
    xid = TransactionId()
    id = models.UUIDField(default=NIL)
    failures = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    error = models.TextField(default="")


class Parked(models.Model):
    """A touchpoint a subscriber could not take (with the error), or still owes itself (with none)."""

    subscriber = models.TextField()
    touchpoint_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    error = models.TextField(default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "occurred_at", "touchpoint_id"], name="parked_once"),
        ]
        indexes = [
            models.Index(fields=["subscriber", "id"], condition=models.Q(error=""), name="parked_owed"),
        ]


class Seen(models.Model):
    """Keys that have already become a touchpoint."""

    pk = models.CompositePrimaryKey("scope", "key")
    scope = models.TextField()
    key = models.TextField()
    touchpoint_id = models.UUIDField()
    recorded_at = models.DateTimeField(default=clock.now)
