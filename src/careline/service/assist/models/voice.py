"""How the house speaks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Voice(models.Model):
    """One row: what is marked in a reply before it goes. Amounts are in minor units of the firm's currency."""

    class Manner(models.TextChoices):
        ANY = "any"
        FORMAL = "formal"
        FRIENDLY = "friendly"

    manner = models.TextField(choices=Manner.choices, default="any", db_default="any")
    # [[word, what is said in its place or nothing]]
    words = models.JSONField(default=list, db_default=[])
    guarantees = models.BooleanField(default=True, db_default=True)
    dates = models.BooleanField(default=False, db_default=False)
    money = models.BooleanField(default=True, db_default=True)
    # Up to so much may be promised unasked.
    most_minor = models.BigIntegerField(default=0, db_default=0)
    blame = models.BooleanField(default=True, db_default=True)
    shouting = models.BooleanField(default=True, db_default=True)

    objects: ClassVar[models.Manager[Voice]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="voice_is_one", condition=Q(id=1)),
            models.CheckConstraint(
                name="voice_is_known", condition=Q(manner__in=["any", "formal", "friendly"], most_minor__gte=0)
            ),
        ]
