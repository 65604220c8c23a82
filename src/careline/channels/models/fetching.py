"""How mailboxes are read: how far, what each look found, and what a trial said."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from careline.channels.models.flow import Inbox
from careline.kit import clock, ids


class Bookmark(models.Model):
    """How far a folder of a mailbox was read, in the numbers its server gives."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    folder = models.TextField()
    source = models.TextField(default="", db_default="", blank=True)
    uidvalidity = models.BigIntegerField()
    uid = models.BigIntegerField()
    began_at = models.DateTimeField(null=True)
    again = models.BigIntegerField(default=0, db_default=0)
    moved_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Bookmark]]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="bookmark_is_once", fields=["inbox", "folder"]),
            models.CheckConstraint(
                name="bookmark_counts", condition=Q(uid__gte=0, uidvalidity__gte=0, again__gte=0) & ~Q(folder="")
            ),
        ]


class Visit(models.Model):
    """A look at a mailbox and what came of it; looks that found nothing, or failed alike, stand in one row."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    started_at = models.DateTimeField(default=clock.now, db_default=Now())
    ended_at = models.DateTimeField(default=clock.now, db_default=Now())
    looks = models.IntegerField(default=1, db_default=1)
    seen = models.IntegerField(default=0, db_default=0)
    new = models.IntegerField(default=0, db_default=0)
    # [{"folder", "uid", "why", "n"}]; why is one of careline.channels.satchel.Why.
    skipped = models.JSONField(default=list, db_default=[], blank=True)
    error = models.TextField(default="", db_default="", blank=True)

    objects: ClassVar[models.Manager[Visit]]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="visit_counts",
                condition=Q(looks__gte=1, new__gte=0, seen__gte=F("new"), ended_at__gte=F("started_at")),
            )
        ]
        indexes = [
            models.Index(name="visit_of_inbox", fields=["inbox", "-id"]),
            models.Index(name="visit_that_went_well", fields=["inbox", "-ended_at"], condition=Q(error="")),
            models.Index(name="visit_at", fields=["ended_at"]),
        ]


class Trial(models.Model):
    """Whether an inbox's ways work, tried at somebody's wish: the last time, step by step."""

    inbox = models.OneToOneField(Inbox, on_delete=models.CASCADE, related_name="+", primary_key=True)
    # A trial begun anew has another one, and the older one stops.
    key = models.UUIDField(default=ids.uuid7)
    # What it says is written once, in the words of whoever asked for it.
    language = models.TextField(default="en")
    # [{"name", "label", "state", "words", "advice", "link"}], as careline.channels.guiding.Check has them.
    steps = models.JSONField(default=list, db_default=[], blank=True)
    begun_at = models.DateTimeField(default=clock.now, db_default=Now())
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Trial]]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="trial_ends_after_it_began", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("begun_at"))
            )
        ]
