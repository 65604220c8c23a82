"""Decisions whether a person may be contacted, holds that say no for a while, and addresses nothing is sent to."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now

from careline.kit import clock


class Decision(models.Model):
    """One answer to "may we contact this person now?"; its key makes asking twice the same question."""

    key = models.TextField(unique=True)
    person = models.ForeignKey("customers.Person", on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    channel = models.TextField()
    allowed = models.BooleanField()
    reason = models.TextField(default="", blank=True)
    at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Decision]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="decision_refusal_has_a_reason", condition=Q(allowed=True) | ~Q(reason="")),
            models.CheckConstraint(
                name="decision_names_its_question", condition=~Q(key="") & ~Q(purpose="") & ~Q(channel="")
            ),
            # The outbox refers to all three: a refused decision, or one about somebody else, sends nothing.
            models.UniqueConstraint(name="decision_is_whole", fields=["id", "person", "allowed"]),
        ]
        indexes = [models.Index(name="decision_of_person", fields=["person", "-at", "-id"])]


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
