"""What the room keeps in the database: what the columnar copy needs to follow it, and what is noted beside figures."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from careline.accounts.actor import Actor
from careline.insights.topical import Finding, Membership, Topic
from careline.kit import clock
from careline.touchpoints.fields import CurrentTransaction, TransactionId

__all__ = [
    "Alert", "Annotation", "Finding", "Membership", "Minute", "Raised", "Report", "Sending", "Stale", "Topic", "View",
    "Weighing",
]  # fmt: skip


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


class Weighing(models.Model):
    """How the parts of effort weigh from a moment on; the newest is in force, and none is ever taken away."""

    class Way(models.TextChoices):
        ALIKE = "alike"
        ANSWERS = "answers"

    at = models.DateTimeField(default=clock.now)
    way = models.CharField(max_length=8, choices=Way.choices)
    # In hundredths, in the order of the parts.
    weights = ArrayField(models.PositiveIntegerField(), size=4)
    # From how many answers.
    n = models.PositiveIntegerField(null=True)
    agent_id = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[Weighing]]


class ReportQuerySet(models.QuerySet["Report"]):
    def due(self, now: datetime) -> Self:
        return self.filter(is_on=True, next_at__lte=now)


class Report(models.Model):
    """A way of looking at the scoreboard that goes out by mail: when, as what, and to which colleagues."""

    class Every(models.TextChoices):
        DAY = "day"
        WEEK = "week"
        MONTH = "month"

    name = models.CharField(max_length=80)
    made_by = models.BigIntegerField()
    # As views keep it, without a period: that goes by when it is sent.
    chosen = models.JSONField(default=dict)
    every = models.CharField(max_length=8, choices=Every.choices)
    # Of a week from Monday, 0 to 6; of a month 1 to 28; in the hour of the house.
    day = models.PositiveSmallIntegerField(default=0)
    hour = models.PositiveSmallIntegerField(default=7)
    # Of how many days it tells; 0 is from one sending to the next.
    days = models.PositiveSmallIntegerField(default=0)
    formats = ArrayField(models.CharField(max_length=8))
    recipients = ArrayField(models.BigIntegerField())
    is_on = models.BooleanField(default=True)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)

    objects = ReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="report_due", condition=models.Q(is_on=True))]
        constraints = [
            models.CheckConstraint(
                name="report_goes_at_a_time_there_is",
                condition=models.Q(hour__lte=23)
                & (
                    models.Q(every="day")
                    | models.Q(every="week", day__lte=6)
                    | models.Q(every="month", day__gte=1, day__lte=28)
                ),
            ),
        ]


class Sending(models.Model):
    """One report on its way to one colleague; it stays as the log of what went, and why something did not."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        # Not seen by whoever it was for, or they left.
        REFUSED = "refused"
        FAILED = "failed"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="sendings", db_index=False)
    agent_id = models.BigIntegerField()
    # Until when it tells, in the zone of the house; the same is sent once.
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    why = models.TextField(default="", blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # When it is tried, or was last.
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[models.Manager[Sending]]

    class Meta:
        indexes = [models.Index(fields=["at"], name="sending_waits", condition=models.Q(state="waiting"))]
        constraints = [
            models.UniqueConstraint(fields=["report", "due_at", "agent_id"], name="sending_goes_once"),
            models.CheckConstraint(
                name="sending_says_why_it_did_not_go",
                condition=models.Q(state__in=["waiting", "sent"]) | ~models.Q(why=""),
            ),
        ]


class Minute(models.Model):
    """What stood on the live board at a minute, of one queue in one inbox; for yesterday's argument.

    `queue_id` 0 is an inbox: what arrived there. `inbox_id` 0 is the house: that it was looked at, and who was ready.
    What is not there was nothing.
    """

    at = models.DateTimeField()
    queue_id = models.BigIntegerField(default=0, db_default=0)
    inbox_id = models.BigIntegerField(default=0, db_default=0)
    waiting = models.IntegerField(default=0, db_default=0)
    longest_s = models.IntegerField(default=0, db_default=0)
    arrived = models.IntegerField(default=0, db_default=0)
    ready = models.IntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager[Minute]]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue_id", "inbox_id", "at"], name="minute_is_kept_once"),
            models.CheckConstraint(
                name="minute_counts_are_counts",
                condition=models.Q(waiting__gte=0, longest_s__gte=0, arrived__gte=0, ready__gte=0),
            ),
        ]
        indexes = [models.Index(fields=["at"], name="minute_by_time")]


class Alert(models.Model):
    """A limit on a figure of the live board, and which colleagues are told once it is passed."""

    # careline.insights.live.limits.FIGURES; over all queues where none is named.
    figure = models.TextField()
    queue = models.ForeignKey("routing.Queue", on_delete=models.CASCADE, null=True, related_name="+")
    at_most = models.IntegerField(null=True)
    at_least = models.IntegerField(null=True)
    recipients = ArrayField(models.BigIntegerField())
    is_on = models.BooleanField(default=True, db_default=True)
    made_by = models.BigIntegerField()

    objects: ClassVar[models.Manager[Alert]]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="alert_has_one_limit",
                condition=models.Q(at_most=None, at_least__gte=0) | models.Q(at_least=None, at_most__gte=0),
            ),
        ]


class Raised(models.Model):
    """Somebody was told that a limit is passed, on what they see; gone once it has been kept again for a while."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="raised", db_index=False)
    agent_id = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)
    # Not yet, where no mail could leave.
    told_at = models.DateTimeField(null=True)
    # Since when the limit is kept again.
    calm_since = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Raised]]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "agent_id"], name="alert_is_raised_once")]
