"""What a language model was asked, told without a word of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.kit import clock


class Call(models.Model):
    """One question and what became of it; whoever asked keeps the number."""

    at = models.DateTimeField(default=clock.now, db_default=Now())
    purpose = models.TextField()
    model = models.TextField()
    # SHA-256 of what left the house, redacted: the same question is seen to be the same.
    prompt = models.TextField()
    # [{"key", "score"}], in the order they were given; what was cited of them.
    passages = models.JSONField(default=list, db_default=[])
    citations = models.JSONField(default=list, db_default=[])
    # Values taken out before it left.
    hidden = models.IntegerField(default=0, db_default=0)
    requests = models.IntegerField(default=0, db_default=0)
    # Before the answer what was set aside for it, afterwards what it took.
    tokens = models.IntegerField(default=0, db_default=0)
    took_ms = models.IntegerField(null=True)
    # One of port.Verdict; empty while it is asked, and where the process ended meanwhile.
    verdict = models.TextField(default="", db_default="", blank=True)
    # The kind of error, never its words: they repeat what was sent.
    trouble = models.TextField(default="", db_default="", blank=True)

    objects: ClassVar[models.Manager[Call]]

    class Meta:
        constraints = [models.CheckConstraint(name="call_has_a_purpose", condition=~Q(purpose="") & ~Q(prompt=""))]
        indexes = [models.Index("at", name="call_by_day")]
