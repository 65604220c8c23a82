"""Policies, how a conversation stands as far as promises care, and each promise from its beginning to its end."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from careline.kit import clock


class Policy(models.Model):
    """The first one that is on and whose conditions hold is a conversation's."""

    name = models.TextField()
    is_on = models.BooleanField(default=True, db_default=True)
    place = models.IntegerField()
    # careline.service.conversations.conditions.
    conditions = models.JSONField(default=dict, db_default={})
    # terms.Terms.
    terms = models.JSONField()
    # Goes up with every change of the terms.
    version = models.IntegerField(default=1, db_default=1)
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Policy]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="policy_is_named", condition=~Q(name="") & Q(version__gte=1)),
            models.UniqueConstraint(name="policy_name_is_its_own", fields=["name"]),
        ]


class Edition(models.Model):
    """The terms of a policy under each of its versions, so that what was promised can be read later."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="editions", db_index=False)
    version = models.IntegerField()
    terms = models.JSONField()
    since = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Edition]]

    class Meta:
        constraints = [models.UniqueConstraint(name="edition_is_of_one_version", fields=["policy", "version"])]


class Course(models.Model):
    """A conversation as its line tells it: what a promise in it depends on."""

    conversation = models.OneToOneField(
        "conversations.Conversation", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    inbox_id = models.BigIntegerField()
    team_id = models.BigIntegerField(null=True)
    is_live = models.BooleanField(default=True)
    is_snoozed = models.BooleanField(default=False)
    waiting_on = models.TextField(default="us")
    # Whether somebody of the house has ever answered.
    is_answered = models.BooleanField(default=False)
    # Since when the customer waits for what, promised or not: {"first": …}.
    waits = models.JSONField(default=dict)
    policy = models.ForeignKey(Policy, on_delete=models.SET_NULL, null=True, related_name="+")
    # Chosen by somebody or by a rule, whatever conditions say.
    is_pinned = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[Course]]


class PromiseQuerySet(models.QuerySet["Promise"]):
    def running(self) -> PromiseQuerySet:
        return self.filter(ended_at=None)


class Promise(models.Model):
    """One deadline. `spent` is how much of its time had gone at `since`; without a `since` its clock stands still."""

    class What(models.TextChoices):
        FIRST = "first"
        NEXT = "next"
        RESOLUTION = "resolution"

    class Outcome(models.TextChoices):
        RUNNING = ""
        MET = "met"
        BROKEN = "broken"
        # Put away, or no longer promised: neither kept nor broken.
        DROPPED = "dropped"

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="promises")
    policy = models.ForeignKey(Policy, on_delete=models.SET_NULL, null=True, related_name="+")
    # What it was planned by: the policy's terms, and how often the hours of the house had changed.
    version = models.IntegerField(default=1)
    hours = models.IntegerField(default=0)
    what = models.TextField(choices=What.choices)
    begun_at = models.DateTimeField()
    total = models.DurationField()
    spent = models.DurationField(default=timedelta)
    since = models.DateTimeField(null=True)
    # Its deadline as things stand, and when something is to be done about it next.
    due_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    # Marks that lie behind it: "warn", "due", names of steps.
    passed = ArrayField(models.TextField(), default=list)
    broken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(choices=Outcome.choices, default="", blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="promise_runs_once", fields=["course", "what"], condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="promise_ends_with_an_outcome",
                condition=Q(ended_at=None, outcome="")
                | Q(ended_at__isnull=False, outcome__in=["met", "broken", "dropped"], since=None, next_at=None),
            ),
            models.CheckConstraint(
                name="promise_broken_is_dated",
                condition=~Q(outcome="broken") | Q(broken_at__isnull=False),
            ),
            models.CheckConstraint(name="promise_takes_time", condition=Q(total__gt=timedelta())),
        ]
        indexes = [
            models.Index(F("next_at"), name="promise_next", condition=Q(next_at__isnull=False)),
            models.Index(fields=["policy", "version"], name="promise_running", condition=Q(ended_at=None)),
        ]
