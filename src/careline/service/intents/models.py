"""Intents, the phrasings they are known by, and what was learned from them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.kit import clock


class Intent(models.Model):
    """Something customers want; flows name it by its code."""

    code = models.TextField(unique=True)
    name = models.TextField()

    objects: ClassVar[models.Manager[Intent]]

    class Meta:
        constraints = [models.CheckConstraint(name="intent_has_a_name", condition=~Q(code="") & ~Q(name=""))]


class Phrasing(models.Model):
    """One way of saying it. `folded` is the same for what differs only in case, accents and signs."""

    intent = models.ForeignKey(Intent, on_delete=models.CASCADE, related_name="phrasings", db_index=False)
    text = models.TextField()
    language = models.TextField(default="en", db_default="en")
    folded = models.TextField()
    added_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Phrasing]]

    class Meta:
        constraints = [
            models.UniqueConstraint("intent", "folded", name="intent_is_phrased_so_once"),
            models.CheckConstraint(name="phrasing_has_words", condition=~Q(folded="")),
        ]


class Head(models.Model):
    """What was learned from the phrasings of a language whose meanings are understood; one that is not has none."""

    language = models.TextField(primary_key=True)
    model_id = models.TextField()
    # careline.intelligence.intents.Head.
    content = models.BinaryField()
    # Which phrasings it learned from (learning.stamp), and how many these were.
    stamp = models.TextField()
    n = models.IntegerField()
    # learning.Figures, by five-fold.
    figures = models.JSONField()
    # How long it took, in seconds.
    took = models.FloatField()
    fitted_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Head]]
