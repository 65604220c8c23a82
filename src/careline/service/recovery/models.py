"""When somebody is to be won back, and each time it was tried: why, what was done, and how it ended."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.accounts.actor import Actor
from careline.kit import clock
from careline.service.conversations.models import Conversation


class Rule(models.Model):
    """What begins a recovery, who has it, until when, and what is to be done. The first that fits holds."""

    class Cause(models.TextChoices):
        ANSWER = "answer"
        PROMISE = "promise"
        REOPENED = "reopened"

    class Owner(models.TextChoices):
        """Whom the conversation goes to; where there is no such agent, to the team, else to the inbox."""

        AGENT = "agent"
        TEAM = "team"
        INBOX = "inbox"

    is_on = models.BooleanField(default=True, db_default=True)
    cause = models.TextField(choices=Cause.choices)
    # Of an answer: its figure, at or below which score, on a scale that ends where.
    metric = models.TextField(default="", db_default="", blank=True)
    at_most = models.FloatField(null=True)
    top = models.FloatField(null=True)
    # Of a promise: its name, or any.
    promise = models.TextField(default="", db_default="", blank=True)
    # Of a conversation that was opened again: by the customer, at least so many times.
    times = models.SmallIntegerField(default=1, db_default=1)
    owner = models.TextField(choices=Owner.choices, default=Owner.AGENT, db_default=Owner.AGENT)
    team = models.ForeignKey("accounts.Team", on_delete=models.SET_NULL, null=True, related_name="+")
    # Who hears of it when it is late; without anybody, all who lead teams and see the inbox.
    lead = models.ForeignKey("accounts.Agent", on_delete=models.SET_NULL, null=True, related_name="+")
    # Of the time the house is open.
    minutes = models.IntegerField(default=480, db_default=480)
    # Its steps: plays.Step.
    play = models.JSONField(default=list, db_default=[])
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Rule]]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rule_of_an_answer_has_its_figure",
                condition=(Q(cause="answer", at_most__isnull=False, top__isnull=False) & ~Q(metric=""))
                | Q(cause__in=["promise", "reopened"], at_most=None, top=None, metric=""),
            ),
            models.CheckConstraint(name="rule_owner_is_known", condition=Q(owner__in=["agent", "team", "inbox"])),
            models.CheckConstraint(name="rule_gives_some_time", condition=Q(minutes__gte=1) & Q(times__gte=1)),
        ]


class Authority(models.Model):
    """How much a role may give, or pay back, in one recovery, in the smallest unit of the house's currency."""

    role = models.ForeignKey("accounts.Role", on_delete=models.CASCADE, related_name="+", db_index=False)
    refund = models.BooleanField(default=False, db_default=False)
    most_minor = models.BigIntegerField()

    objects: ClassVar[models.Manager[Authority]]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="authority_of_a_role_is_once", fields=["role", "refund"]),
            models.CheckConstraint(name="authority_is_a_sum", condition=Q(most_minor__gt=0)),
        ]


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(conversation__in=Conversation.objects.visible_to(actor))

    def running(self) -> Self:
        return self.filter(closed_at=None)


class Recovery(models.Model):
    """One try to win a customer back, in the conversation that is marked for it."""

    class Outcome(models.TextChoices):
        OPEN = ""
        REACHED = "reached"
        MISSED = "missed"
        # There was nothing to make good; counted nowhere.
        WITHDRAWN = "withdrawn"

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.PROTECT, related_name="recoveries")
    person = models.ForeignKey("customers.Person", on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(Rule, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)
    outcome = models.TextField(choices=Outcome.choices, default="", db_default="", blank=True)
    # Whether what was wrong is right again.
    resolved = models.BooleanField(null=True)
    words = models.TextField(default="", db_default="", blank=True)
    # Of `contact`: keeps everything else back from them meanwhile.
    hold = models.BigIntegerField(null=True)
    # What became of them in the sixty days after it, once those are over: measuring.py.
    measured_at = models.DateTimeField(null=True)
    came_back = models.BooleanField(null=True)
    bought = models.BooleanField(null=True)
    # Whether they would recommend us by then: 9 or 10 of 10; unknown where they were not asked or did not say.
    recommends = models.BooleanField(null=True)
    effort = models.IntegerField(null=True)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="recovery_runs_once_in_a_conversation", fields=["conversation"], condition=Q(closed_at=None)
            ),
            models.UniqueConstraint(
                name="recovery_runs_once_for_a_person", fields=["person"], condition=Q(closed_at=None)
            ),
            models.CheckConstraint(
                name="recovery_ends_with_an_outcome",
                condition=Q(closed_at=None, outcome="", resolved=None)
                | Q(closed_at__isnull=False, outcome__in=["reached", "missed", "withdrawn"], resolved__isnull=False),
            ),
            models.CheckConstraint(
                name="recovery_is_measured_once_it_is_over", condition=Q(measured_at=None) | Q(closed_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="recovery_due", fields=["due_at"], condition=Q(closed_at=None, escalated_at=None)),
            models.Index(name="recovery_closed", fields=["closed_at"], condition=Q(closed_at__isnull=False)),
        ]


class Cause(models.Model):
    """What went wrong. A moment of the line causes one thing once, however often it is told."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="causes")
    # None where somebody of the house saw it.
    touchpoint = models.UUIDField(null=True, unique=True)
    kind = models.TextField()
    at = models.DateTimeField()
    metric = models.TextField(default="", db_default="", blank=True)
    score = models.FloatField(null=True)
    top = models.FloatField(null=True)
    promise = models.TextField(default="", db_default="", blank=True)
    survey = models.TextField(default="", db_default="", blank=True)
    response = models.BigIntegerField(null=True)
    words = models.TextField(default="", db_default="", blank=True)

    objects: ClassVar[models.Manager[Cause]]


class Step(models.Model):
    """One thing the play asks for."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="steps", db_index=False)
    place = models.SmallIntegerField()
    kind = models.TextField()
    words = models.TextField(default="", db_default="", blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[Step]]

    class Meta:
        constraints = [models.UniqueConstraint(name="step_has_its_place", fields=["recovery", "place"])]


class Goodwill(models.Model):
    """What was given to make good; `once` is what the page or the program called it, so that nothing is given twice."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="goodwill", db_index=False)
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    # Back of what was paid, rather than on top of it.
    refund = models.BooleanField(default=False, db_default=False)
    words = models.TextField(default="", db_default="", blank=True)
    given_at = models.DateTimeField()
    given_by = models.BigIntegerField()
    once = models.TextField()

    objects: ClassVar[models.Manager[Goodwill]]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="goodwill_is_given_once", fields=["recovery", "once"]),
            models.CheckConstraint(name="goodwill_is_a_sum", condition=Q(amount_minor__gt=0)),
        ]
