"""Queues and what they ask for, who can do what, who is there, what waits, and what was offered to whom."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

STATUSES = ("ready", "busy", "break", "away", "off")


class Skill(models.Model):
    """What somebody can do; with a language it is the skill of speaking it."""

    name = models.CharField(max_length=80)
    language = models.CharField(max_length=12, default="", db_default="", blank=True)

    objects: ClassVar[models.Manager[Skill]]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="skill_name_is_unique"),
            models.UniqueConstraint(fields=["language"], name="skill_of_a_language_is_one", condition=~Q(language="")),
        ]


class AgentSkill(models.Model):
    agent = models.ForeignKey("accounts.Agent", on_delete=models.CASCADE, related_name="+", db_index=False)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="agents")
    level = models.SmallIntegerField()

    objects: ClassVar[models.Manager[AgentSkill]]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "skill"], name="agent_has_a_skill_once"),
            models.CheckConstraint(name="skill_level_is_one_to_five", condition=Q(level__gte=1, level__lte=5)),
        ]


class Queue(models.Model):
    """Where conversations wait for somebody. Of those that are on, the first whose conditions hold has them."""

    class Spread(models.TextChoices):
        LEAST_LOADED = "least_loaded"
        IN_TURN = "in_turn"
        BEST_SKILLED = "best_skilled"

    name = models.CharField(max_length=80)
    is_on = models.BooleanField(default=True, db_default=True)
    position = models.IntegerField(default=0, db_default=0)
    # careline.service.conversations.conditions, as it is written there.
    conditions = models.JSONField(default=dict, db_default={})
    # Its priority: whatever waits here counts as having waited so much longer.
    head_start_minutes = models.IntegerField(default=0, db_default=0)
    team = models.ForeignKey("accounts.Team", on_delete=models.SET_NULL, null=True, related_name="+")
    by_language = models.BooleanField(default=False, db_default=False)
    spread = models.TextField(choices=Spread.choices, default=Spread.LEAST_LOADED, db_default=Spread.LEAST_LOADED)
    # Offered first, with so long to answer; else given at once.
    asks = models.BooleanField(default=True, db_default=True)
    answer_s = models.IntegerField(default=30, db_default=30)
    # How long it is kept for whoever had the customer before: null does not look for them.
    last_s = models.IntegerField(null=True, default=0, db_default=0)
    # What somebody holds who has been away so long goes back to the queue; null leaves it with them.
    leave_minutes = models.IntegerField(null=True, default=10, db_default=10)
    # relaxing.Step
    steps = models.JSONField(default=list, db_default=[])
    # Its service level: so many of a hundred are to be taken within so long.
    target_s = models.IntegerField(default=120, db_default=120)
    target_percent = models.SmallIntegerField(default=80, db_default=80)

    objects: ClassVar[models.Manager[Queue]]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="queue_name_is_unique"),
            models.CheckConstraint(
                name="queue_spread_is_known", condition=Q(spread__in=["least_loaded", "in_turn", "best_skilled"])
            ),
            models.CheckConstraint(
                name="queue_times_are_sensible",
                condition=Q(answer_s__gte=5, head_start_minutes__gte=0)
                & (Q(last_s=None) | Q(last_s__gte=0))
                & (Q(leave_minutes=None) | Q(leave_minutes__gte=0)),
            ),
            models.CheckConstraint(
                name="queue_target_is_sensible",
                condition=Q(target_s__gte=1, target_percent__gte=1, target_percent__lte=100),
            ),
        ]


class NeededSkill(models.Model):
    """What a queue asks for."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="needs")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    level = models.SmallIntegerField(default=1)

    objects: ClassVar[models.Manager[NeededSkill]]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "skill"], name="queue_needs_a_skill_once"),
            models.CheckConstraint(name="needed_level_is_one_to_five", condition=Q(level__gte=1, level__lte=5)),
        ]


class Policy(models.Model):
    """What holds in all queues: how much an agent can carry, and what a conversation weighs by its channel."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    capacity = models.SmallIntegerField(default=6, db_default=6)
    # By channel; what is not named weighs what `weights.DEFAULT` says.
    weights = models.JSONField(default=dict, db_default={})
    # Nobody touched the window for so long: they are away.
    silence_minutes = models.SmallIntegerField(default=15, db_default=15)

    objects: ClassVar[models.Manager[Policy]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="routing_policy_is_the_only_one", condition=Q(id=1)),
            models.CheckConstraint(
                name="routing_policy_is_sensible", condition=Q(capacity__gte=1, silence_minutes__gte=1)
            ),
        ]


class StatusReason(models.Model):
    """Why somebody is not ready, in the house's own words."""

    name = models.CharField(max_length=60)
    status = models.TextField()
    position = models.IntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager[StatusReason]]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="status_reason_is_unique"),
            models.CheckConstraint(
                name="status_reason_is_not_ready", condition=Q(status__in=["busy", "break", "away", "off"])
            ),
        ]


class Presence(models.Model):
    """What an agent says of themselves, and what their window says of them. Nobody without a row is there."""

    agent = models.OneToOneField("accounts.Agent", on_delete=models.CASCADE, primary_key=True, related_name="+")
    status = models.TextField(default="off", db_default="off")
    reason = models.ForeignKey(StatusReason, on_delete=models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField(db_default=Now())
    # Fallen silent: what they go back to when they stir again.
    returns_to = models.TextField(default="", db_default="", blank=True)
    # A window of theirs is open; somebody touches it.
    seen_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(null=True)
    # In place of the house's.
    capacity = models.SmallIntegerField(null=True)

    objects: ClassVar[models.Manager[Presence]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="presence_status_is_known", condition=Q(status__in=STATUSES)),
            models.CheckConstraint(name="presence_goes_back_from_away", condition=Q(returns_to="") | Q(status="away")),
            models.CheckConstraint(name="presence_capacity_is_some", condition=Q(capacity=None) | Q(capacity__gte=1)),
        ]
        indexes = [models.Index("status", name="presence_by_status")]


class Waiting(models.Model):
    """A conversation nobody has, in its queue. Gone once somebody has it or it waits no longer."""

    conversation = models.OneToOneField(
        "conversations.Conversation", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="waiting", db_index=False)
    # matching.Need as JSON: those with the same need stand in one row.
    need = models.TextField()
    rank = models.DateTimeField()
    since = models.DateTimeField()
    entered = models.DateTimeField()
    inbox_id = models.BigIntegerField()
    channel = models.TextField()
    priority = models.SmallIntegerField(default=0)
    language = models.TextField(default="", blank=True)
    last_id = models.BigIntegerField(null=True)
    # Given to a team by hand or rule: that one's before the queue's.
    team_id = models.BigIntegerField(null=True)
    not_by = ArrayField(models.BigIntegerField(), default=list)
    not_by_until = models.DateTimeField(null=True)
    # When the next of its promises breaks, as it was when this was last looked at.
    due_at = models.DateTimeField(null=True)
    step = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    went_over = models.BooleanField(default=False)
    offered = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[Waiting]]

    class Meta:
        indexes = [
            models.Index("need", "rank", "conversation", name="waiting_by_need", condition=Q(offered=False)),
            models.Index("queue", "rank", name="waiting_by_queue"),
            models.Index("next_at", name="waiting_by_next", condition=Q(next_at__isnull=False)),
        ]


class Stay(models.Model):
    """A wait in a queue that has ended: raw, so that every formula of a service level can be worked out from it."""

    class How(models.TextChoices):
        # By an agent: assigned, answered or settled.
        TAKEN = "taken"
        # Ended without any of us.
        GIVEN_UP = "given_up"
        # Put away, snoozed, or the queue was switched off.
        ELSEWHERE = "elsewhere"

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+", db_index=False)
    inbox_id = models.BigIntegerField()
    since = models.DateTimeField()
    ended_at = models.DateTimeField()
    how = models.TextField(choices=How.choices)
    # What was promised when it ended: a queue's later target changes no earlier figure.
    target_s = models.IntegerField()

    objects: ClassVar[models.Manager[Stay]]

    class Meta:
        constraints = [
            models.CheckConstraint(name="stay_ends_somehow", condition=Q(how__in=["taken", "given_up", "elsewhere"])),
            models.CheckConstraint(name="stay_ends_after_it_began", condition=Q(ended_at__gte=F("since"))),
        ]
        indexes = [
            models.Index("ended_at", name="stay_by_end"),
            models.Index("conversation", name="stay_of_conversation"),
            models.Index("queue", "ended_at", name="stay_of_queue"),
        ]


class Offer(models.Model):
    """A conversation offered to an agent, and what they made of it. The database keeps one that stands for each."""

    class State(models.TextChoices):
        MADE = "made"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        EXPIRED = "expired"
        # Somebody took it by hand, or it was settled meanwhile.
        WITHDRAWN = "withdrawn"

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    queue = models.ForeignKey(Queue, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    agent = models.ForeignKey("accounts.Agent", on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.TextField(choices=State.choices, default=State.MADE, db_default=State.MADE)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    since = models.DateTimeField()
    # explaining.Reason
    because = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[Offer]]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], name="conversation_is_offered_to_one", condition=Q(state="made")
            ),
            models.CheckConstraint(
                name="offer_is_dated_when_ended",
                condition=Q(state="made", ended_at=None) | (~Q(state="made") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="offer_state_is_known",
                condition=Q(state__in=["made", "accepted", "refused", "expired", "withdrawn"]),
            ),
        ]
        indexes = [
            models.Index("agent", name="offer_of_agent", condition=Q(state="made")),
            models.Index("due_at", name="offer_by_due", condition=Q(state="made")),
            models.Index("queue", "ended_at", name="offer_taken_by_queue", condition=Q(state="accepted")),
            models.Index("conversation", F("id").desc(), name="offer_of_conversation"),
        ]
