"""Decisions whether a person may be contacted, by which rules, holds that say no, and addresses nothing is sent to."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now

from careline.kit import clock


class Decision(models.Model):
    """One answer to "may we contact this person now?"; its key makes asking twice the same question.

    A no that ends by itself is asked again under the same key once it has: the next attempt. After a yes there is none.
    """

    key = models.TextField()
    attempt = models.SmallIntegerField(default=1, db_default=1)
    person = models.ForeignKey("customers.Person", on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    channel = models.TextField()
    allowed = models.BooleanField()
    reason = models.TextField(default="", blank=True)
    # What stands in the places of the reason, and when what it says ends by itself.
    terms = models.JSONField(default=dict, db_default={})
    retry_at = models.DateTimeField(null=True)
    at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Decision]]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="decision_is_one_for_each_attempt", fields=["key", "attempt"]),
            models.CheckConstraint(
                name="decision_is_asked_again_after_a_no", condition=Q(retry_at=None) | Q(allowed=False)
            ),
            models.CheckConstraint(name="decision_refusal_has_a_reason", condition=Q(allowed=True) | ~Q(reason="")),
            models.CheckConstraint(
                name="decision_names_its_question", condition=~Q(key="") & ~Q(purpose="") & ~Q(channel="")
            ),
            # The outbox refers to all three: a refused decision, or one about somebody else, sends nothing.
            models.UniqueConstraint(name="decision_is_whole", fields=["id", "person", "allowed"]),
        ]
        indexes = [
            models.Index(name="decision_of_person", fields=["person", "-at", "-id"]),
            # What counts towards limits, however often somebody was refused in between.
            models.Index(name="decision_counted", fields=["person", "-at"], condition=Q(allowed=True)),
        ]

    def asks_as(self, other: Decision) -> bool:
        """Whether both are about the same: one key asks one question."""
        mine, theirs = ((one.person_id, one.purpose, one.channel) for one in (self, other))
        return mine == theirs

    def stands(self, now: datetime) -> bool:
        """Whether asking with its key gives this answer again."""
        return self.allowed or self.retry_at is None or self.retry_at > now


class Scope(models.Model):
    """By which rules what is written for a purpose is decided: limits, quiet hours, silence (scopes.py)."""

    class Talks(models.TextChoices):
        """Which talk with the customer keeps us silent."""

        IGNORED = "ignored"
        OURS = "ours"  # one that waits for us
        OPEN = "open"

    name = models.TextField(unique=True)
    label = models.TextField()
    priority = models.TextField(default="normal", db_default="normal")
    # Their shape: scopes.Cap.
    caps = models.JSONField(default=list, db_default=[])
    # By the clock of whoever is written to; over midnight when it begins after it ends.
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    # Whole days of the week, 1 being Monday.
    quiet_days = ArrayField(models.SmallIntegerField(), default=list, db_default=Value("{}"))
    talks = models.TextField(choices=Talks.choices, default=Talks.OPEN, db_default=Talks.OPEN)
    # For how long a broken promise keeps us silent unless it is made good; 0 for not at all.
    promise_days = models.SmallIntegerField(default=14, db_default=14)
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Scope]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="scope_has_names", condition=~Q(name="") & ~Q(label="")),
            models.CheckConstraint(name="scope_priority_is_known", condition=Q(priority__in=["low", "normal", "high"])),
            models.CheckConstraint(name="scope_talks_are_known", condition=Q(talks__in=["ignored", "ours", "open"])),
            models.CheckConstraint(
                name="scope_is_quiet_from_and_to",
                condition=Q(quiet_from=None, quiet_to=None)
                | (Q(quiet_from__isnull=False, quiet_to__isnull=False) & ~Q(quiet_from=F("quiet_to"))),
            ),
            models.CheckConstraint(
                name="scope_speaks_on_some_day",
                condition=Q(quiet_days__contained_by=[1, 2, 3, 4, 5, 6, 7])
                & ~Q(quiet_days__contains=[1, 2, 3, 4, 5, 6, 7]),
            ),
            models.CheckConstraint(
                name="scope_is_silent_for_some_days", condition=Q(promise_days__gte=0, promise_days__lte=365)
            ),
        ]


class Hold(models.Model):
    """Nobody contacts this person until the hold ends or is released."""

    person = models.ForeignKey("customers.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField()
    until = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Hold]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="hold_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="hold_ends_after_it_begins", condition=Q(until__isnull=True) | Q(until__gt=F("created_at"))
            ),
        ]
        indexes = [models.Index(name="hold_of_person", fields=["person", "-created_at", "-id"])]

    @property
    def is_running(self) -> bool:
        return self.released_at is None and (self.until is None or self.until > clock.now())


class Suppression(models.Model):
    """An address nothing is sent to: nobody is there, or somebody there called a mail of ours spam."""

    class Reason(models.TextChoices):
        USER_UNKNOWN = "user_unknown"
        HOST_UNKNOWN = "host_unknown"
        REFUSED = "refused"  # for good, in other words
        COMPLAINT = "complaint"

    # A proof made of the address, which stays when the address itself is erased with the person who had it.
    key = models.TextField(unique=True)
    address = models.TextField(default="", db_default="", blank=True)
    reason = models.TextField(choices=Reason.choices)
    # What the other side said: 5.1.1, and its words.
    code = models.TextField(default="", db_default="", blank=True)
    words = models.TextField(default="", db_default="", blank=True)
    # The message of ours that came back.
    message_id = models.UUIDField(null=True)
    at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Suppression]]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="suppression_reason_is_known",
                condition=~Q(key="") & Q(reason__in=["user_unknown", "host_unknown", "refused", "complaint"]),
            )
        ]
        indexes = [models.Index(name="suppression_newest", fields=["-at", "-id"])]

    @property
    def allows_answers(self) -> bool:
        """Whoever complained about a mail still gets answers to what they write; nothing unasked."""
        return self.reason == self.Reason.COMPLAINT


class Breaker(models.Model):
    """What a place, such as an inbox, has said by itself in the last hour; tripped, it says nothing more by itself."""

    place = models.TextField(unique=True)
    said_at = ArrayField(models.DateTimeField(), default=list, db_default=Value("{}"))
    # Until somebody has looked why.
    tripped_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Breaker]]

    class Meta:
        constraints = [models.CheckConstraint(name="breaker_names_its_place", condition=~Q(place=""))]
