"""Rules in their order, what each of them was before, each time one ran, and what it still has to do."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from careline.kit import clock
from careline.service.rules.shapes import Content, content


class Rule(models.Model):
    """The newest version of a rule; lower positions are asked first."""

    name = models.TextField()
    is_on = models.BooleanField(default=False, db_default=False)
    position = models.IntegerField(default=0, db_default=0)
    version = models.IntegerField(default=1, db_default=1)
    # shapes.Content, with its parts where they are looked for.
    content = models.JSONField()
    # The kind of touchpoint it hears; empty for one that time brings about.
    kind = models.TextField(default="", db_default="", blank=True)
    # Which of the ready-made it came from.
    ready = models.TextField(default="", db_default="", blank=True)
    # Of one that time brings about: up to which moment, and which conversation of that moment, it was asked.
    asked_at = models.DateTimeField(null=True)
    asked_id = models.BigIntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Rule]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="rule_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="rule_on_time_knows_where_it_stands",
                condition=~Q(kind="") | Q(is_on=False) | Q(asked_at__isnull=False),
            ),
        ]

    @property
    def says(self) -> Content:
        return content(self.content)


class Version(models.Model):
    """What a rule was from then on."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.IntegerField()
    content = models.JSONField()
    at = models.DateTimeField(default=clock.now, db_default=Now())
    agent_id = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[Version]]

    class Meta:
        constraints = [models.UniqueConstraint("rule", "number", name="rule_version_is_kept_once")]


class Firing(models.Model):
    """A rule ran in a conversation: once for a touchpoint, once for a time that came."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="firings", db_index=False)
    version = models.IntegerField()
    conversation_id = models.BigIntegerField()
    touchpoint = models.UUIDField(null=True)
    # What the time was counted from.
    since = models.DateTimeField(null=True)
    at = models.DateTimeField(default=clock.now, db_default=Now())
    # The conversation's number when it was done: what is said later is said after it.
    seq = models.IntegerField(default=0, db_default=0)
    # Step by step: what was done, and why not where it was not. shapes.Step's tag and a kept sentence.
    done = models.JSONField(default=list, db_default=[])

    objects: ClassVar[models.Manager[Firing]]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "rule", "touchpoint", name="rule_fires_once_a_moment", condition=Q(touchpoint__isnull=False)
            ),
            models.UniqueConstraint(
                "rule", "conversation_id", "since", name="rule_fires_once_a_time", condition=Q(since__isnull=False)
            ),
            models.CheckConstraint(
                name="firing_has_one_cause",
                condition=Q(touchpoint__isnull=False, since=None) | Q(touchpoint=None, since__isnull=False),
            ),
        ]
        indexes = [
            models.Index("rule", F("at").desc(), name="firing_by_rule"),
            models.Index("conversation_id", "at", name="firing_by_conversation"),
        ]


class Pause(models.Model):
    """A rule goes on in a conversation later, from this step on."""

    firing = models.OneToOneField(Firing, on_delete=models.CASCADE, related_name="pause")
    step = models.SmallIntegerField()
    state = models.TextField()
    due_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Pause]]

    class Meta:
        indexes = [models.Index("due_at", name="pause_due")]
