"""What the room keeps in the database: what the columnar copy needs to follow it, and what is noted beside figures."""

from __future__ import annotations

from typing import Self

from django.db import models

from careline.accounts.actor import Actor
from careline.kit import clock
from careline.touchpoints.fields import CurrentTransaction, TransactionId


class Stale(models.Model):
    """A person whose moments changed after they were written, which only erasure does."""

    person_id = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)
    xid = TransactionId(db_default=CurrentTransaction(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["xid"], name="stale_by_commit")]


class Annotation(models.Model):
    """Something that happened to the house and may explain a figure: a release, an outage, a new price."""

    class Kind(models.TextChoices):
        RELEASE = "release"
        OUTAGE = "outage"
        PRICE = "price"
        CAMPAIGN = "campaign"
        OTHER = "other"

    at = models.DateTimeField()
    # Of what lasted.
    until = models.DateTimeField(null=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = models.CharField(max_length=200)
    agent_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="annotation_at")]
        constraints = [
            models.CheckConstraint(
                name="annotation_kind_is_known",
                condition=models.Q(kind__in=["release", "outage", "price", "campaign", "other"]),
            ),
            models.CheckConstraint(
                name="annotation_ends_after_it_began",
                condition=models.Q(until=None) | models.Q(until__gte=models.F("at")),
            ),
        ]


class ViewQuerySet(models.QuerySet["View"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(models.Q(agent_id=actor.agent_id) | models.Q(shared=True))


class View(models.Model):
    """A way of looking at the scoreboard, kept by its address; one's own, or everybody's."""

    name = models.CharField(max_length=80)
    agent_id = models.BigIntegerField()
    shared = models.BooleanField(default=False)
    chosen = models.JSONField(default=dict)

    objects = ViewQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent_id", "name"], name="view_is_named_once")]
