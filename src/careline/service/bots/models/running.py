"""A bot that has a conversation, and what it made of each of the customer's messages."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.kit import clock
from careline.service.bots.models.flows import Version


class Run(models.Model):
    """From a conversation's opening until somebody else has it. One that has not ended: the bot has the conversation.

    `state` is core.state.State while a `version` runs. Between flows it has neither, and waits for what comes next.
    """

    class Outcome(models.TextChoices):
        RUNNING = ""
        # Resolved, or ended with its flow.
        FINISHED = "finished"
        PERSON = "person"
        # An agent took it.
        TAKEN = "taken"

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    version = models.ForeignKey(Version, on_delete=models.SET_NULL, null=True, related_name="runs")
    state = models.JSONField(default=dict, db_default={})
    # Of the customer's messages the last it has taken in, by its place in the thread.
    heard_seq = models.IntegerField(default=0, db_default=0)
    # What was asked back last: codes of intents, in their order.
    offered = ArrayField(models.TextField(), default=list, db_default=models.Value("{}"))
    # How often it understood nothing.
    misses = models.SmallIntegerField(default=0, db_default=0)
    # What is under way outside of us: an answer to a call of the flow, an answer in words, a turn of another program.
    asks = models.TextField(default="", db_default="", blank=True)
    # Each of these has its number, by which a late answer is known.
    asked = models.IntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField(null=True)
    # The last of them that was sent; what cannot be undone is never sent twice.
    sent = models.IntegerField(default=0, db_default=0)
    # What its words are called, so that none is said twice.
    said = models.IntegerField(default=0, db_default=0)
    language = models.TextField(default="en", db_default="en")
    # When it is woken: a flow that waits, or a hand-over until somebody is there.
    due_at = models.DateTimeField(null=True)
    # Why a person is called, while the hand-over waits for the house to open and afterwards: core.state.Reason.
    reason = models.TextField(default="", db_default="", blank=True)
    outcome = models.TextField(choices=Outcome.choices, default="", db_default="", blank=True)
    begun_at = models.DateTimeField(default=clock.now, db_default=Now())
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Run]]

    class Meta:
        constraints = [
            models.UniqueConstraint("conversation", name="bot_runs_once_at_a_time", condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(
                name="bot_run_ends_with_an_outcome",
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes = [
            models.Index("due_at", name="bot_run_is_due", condition=Q(due_at__isnull=False)),
            models.Index("asked_at", name="bot_run_asks", condition=~Q(asks="")),
            models.Index("conversation", "id", name="bot_run_of_conversation"),
        ]


class Judged(models.Model):
    """A customer's message a bot judged, and what it did; an agent may say whether that was right. No word of it."""

    class Band(models.TextChoices):
        RUN = "run"
        ASK = "ask"
        ANSWER = "answer"
        REFUSE = "refuse"

    class Correction(models.TextChoices):
        RIGHT = "right"
        WRONG = "wrong"

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    inbox_id = models.BigIntegerField()
    message_id = models.UUIDField(unique=True)
    language = models.TextField(default="", db_default="", blank=True)
    # [code, likeness from 0 to 1], the likeliest first.
    ranked = models.JSONField(default=list, db_default=[])
    score = models.FloatField(default=0, db_default=0)
    threshold = models.FloatField(default=0, db_default=0)
    margin = models.FloatField(default=0, db_default=0)
    band = models.TextField(choices=Band.choices)
    # Addresses of the articles it answered from.
    articles = ArrayField(models.TextField(), default=list, db_default=models.Value("{}"))
    # What the language model made of it; empty where none was asked.
    verdict = models.TextField(default="", db_default="", blank=True)
    correction = models.TextField(choices=Correction.choices, null=True)
    # What it was about, where it was wrong and somebody said so; empty: nothing we know.
    right_intent = models.TextField(default="", db_default="", blank=True)
    corrected_by = models.BigIntegerField(null=True)
    corrected_at = models.DateTimeField(null=True)
    at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Judged]]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bot_judgement_is_corrected_by_somebody",
                condition=Q(correction__isnull=True, corrected_at__isnull=True)
                | Q(correction__isnull=False, corrected_at__isnull=False),
            )
        ]
        indexes = [models.Index("at", "id", name="bot_judged_at"), models.Index("conversation", name="bot_judged_in")]
