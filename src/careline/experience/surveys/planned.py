"""Plans, and the invitations they wrote: one for each moment, or for each person of a wave."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from careline.accounts.actor import Actor
from careline.kit import clock

# Minutes: 90 days.
LONGEST_DELAY = 90 * 24 * 60


class Plan(models.Model):
    """Whom a survey is sent to by itself; sending.shapes.Planned says what each part means."""

    class Kind(models.TextChoices):
        AFTER = "after"
        WAVE = "wave"

    survey = models.ForeignKey("surveys.Survey", on_delete=models.PROTECT, related_name="plans")
    name = models.TextField()
    kind = models.TextField(choices=Kind.choices)
    is_on = models.BooleanField(default=False, db_default=False)
    # What happened before is not asked about.
    on_since = models.DateTimeField(null=True)
    moment = models.TextField(default="", db_default="", blank=True)
    inbox_ids = ArrayField(models.BigIntegerField(), default=list, db_default=Value("{}"))
    facts = models.JSONField(default=list, db_default=[])
    delay_minutes = models.IntegerField(default=0, db_default=0)
    every = models.SmallIntegerField(default=6, db_default=6)
    unit = models.TextField(default="months", db_default="months")
    begins_on = models.DateField(null=True)
    hour = models.SmallIntegerField(default=9, db_default=9)
    segment_id = models.BigIntegerField(null=True)
    share = models.SmallIntegerField(default=100, db_default=100)
    ways = ArrayField(models.TextField())
    reminders = models.SmallIntegerField(default=0, db_default=0)
    remind_days = models.SmallIntegerField(default=3, db_default=3)
    ends_days = models.SmallIntegerField(default=14, db_default=14)
    purpose = models.TextField(default="surveys", db_default="surveys")
    # The number of the last wave whose invitations are written.
    wave = models.IntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Plan]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="plan_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="plan_knows_when",
                condition=Q(kind="after") & ~Q(moment="") & Q(delay_minutes__gte=0, delay_minutes__lte=LONGEST_DELAY)
                | Q(kind="wave", begins_on__isnull=False, every__gte=1, unit__in=["weeks", "months"])
                & Q(hour__gte=0, hour__lte=23),
            ),
            models.CheckConstraint(name="plan_is_on_since", condition=Q(is_on=False) | Q(on_since__isnull=False)),
            models.CheckConstraint(
                name="plan_asks_within_bounds",
                condition=Q(share__gte=0, share__lte=100, reminders__gte=0, reminders__lte=2)
                & Q(remind_days__gte=1, ends_days__gte=1),
            ),
            models.CheckConstraint(
                name="plan_goes_by_known_ways",
                condition=Q(ways__len__gte=1, ways__contained_by=["conversation", "email"]),
            ),
        ]
        indexes = [models.Index(name="plan_that_is_on", fields=["kind", "moment"], condition=Q(is_on=True))]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Of what happened in an inbox only to who works there."""
        return self.filter(Q(inbox_id=None) | Q(inbox_id__in=actor.inbox_ids))


class Invitation(models.Model):
    """Somebody a plan could ask, about something or in a wave, and what became of it. Spared: not in the share."""

    class State(models.TextChoices):
        SPARED = "spared"
        WAITING = "waiting"
        SENT = "sent"
        REFUSED = "refused"  # by the contact rules
        FAILED = "failed"  # no way led to them
        CANCELLED = "cancelled"  # there was nothing to ask any more

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="invitations", db_index=False)
    # What a retry finds again: the survey, the plan, and the moment or the wave and the person.
    key = models.TextField(unique=True)
    # Nobody once they are erased.
    person = models.ForeignKey(
        "customers.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    state = models.TextField(choices=State.choices)
    journey = models.TextField(default="", db_default="", blank=True)
    conversation = models.BigIntegerField(null=True)
    inbox_id = models.BigIntegerField(null=True)
    # Facts of the moment the survey has hidden fields for.
    fields = models.JSONField(default=dict, db_default={})
    happened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # Neither sent nor reminded of any more.
    ends_at = models.DateTimeField()
    # Somebody is at it; when their process dies it is anybody's again.
    claimed_until = models.DateTimeField(null=True)
    # How often it went wrong here.
    failures = models.SmallIntegerField(default=0, db_default=0)
    response = models.OneToOneField("surveys.Response", on_delete=models.SET_NULL, null=True, related_name="invitation")
    way = models.TextField(default="", db_default="", blank=True)
    # The row of the outbox that carried it last.
    outbound = models.BigIntegerField(null=True)
    # Why it was not sent, waits, or was not reminded of: a sentence the catalogs know, and what stands in its places.
    reason = models.TextField(default="", db_default="", blank=True)
    terms = models.JSONField(default=dict, db_default={})
    sent_at = models.DateTimeField(null=True)
    reminded = models.SmallIntegerField(default=0, db_default=0)
    remind_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_state_is_known",
                condition=~Q(key="")
                & Q(state__in=["spared", "waiting", "sent", "refused", "failed", "cancelled"])
                & (Q(state="sent", sent_at__isnull=False) | Q(state="failed") | ~Q(state="sent") & Q(sent_at=None)),
            ),
            models.CheckConstraint(
                name="invitation_says_why_not",
                condition=~Q(state__in=["refused", "failed", "cancelled"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="invitation_waits_for_somebody", condition=~Q(state="waiting") | Q(person__isnull=False)
            ),
            models.CheckConstraint(
                name="invitation_is_reminded_of_once_sent", condition=Q(remind_at=None) | Q(state="sent")
            ),
        ]
        indexes = [
            models.Index(name="invitation_newest", fields=["plan", "-id"]),
            models.Index(name="invitation_due", fields=["due_at", "id"], condition=Q(state="waiting")),
            models.Index(name="invitation_reminding", fields=["remind_at"], condition=Q(remind_at__isnull=False)),
            models.Index(name="invitation_carried", fields=["outbound"], condition=Q(outbound__isnull=False)),
            models.Index(name="invitation_of_person", fields=["person"], condition=Q(person__isnull=False)),
            models.Index(name="invitation_about", fields=["journey"], condition=Q(state="waiting") & ~Q(journey="")),
        ]
