"""A conversation: one matter between a customer and us, and the counts kept of them."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit.refusals import Conflicting


class AlreadyResolved(Conflicting):
    """The conversation was closed before this reached it."""


class NotOpen(Conflicting):
    """The verb does not fit the state the conversation is in."""


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, actor: Actor) -> Self:
        if not actor.may("conversations.view"):
            return self.none()
        if actor.kind == "system":
            return self
        seen = Q(inbox_id__in=actor.works_in)
        if actor.team_ids is not None:
            own = Q(assignee_id=actor.agent_id) if actor.agent_id else Q()
            none = Q(team_id=None) if actor.teamless else Q()
            seen &= Q(team_id__in=actor.team_ids) | own | none
        return self.filter(seen)

    def offered_to(self, actor: Actor) -> Self:
        """What may be put before an actor as theirs to take, whichever team had it: the inboxes they work in."""
        if not actor.may("conversations.view"):
            return self.none()
        return self.filter(inbox_id__in=actor.works_in)

    def live(self) -> Self:
        return self.filter(state__in=Conversation.LIVE)


class Conversation(models.Model):
    """Its id is the number people say on the phone; rows never move to another id."""

    class State(models.TextChoices):
        OPEN = "open"
        SNOOZED = "snoozed"
        RESOLVED = "resolved"
        SPAM = "spam"
        TRASH = "trash"

    class HandledBy(models.TextChoices):
        BOT = "bot"
        QUEUE = "queue"
        AGENT = "agent"

    class WaitingOn(models.TextChoices):
        US = "us"
        CUSTOMER = "customer"
        THIRD_PARTY = "third_party"

    class Priority(models.IntegerChoices):
        NONE = 0
        LOW = 1
        NORMAL = 2
        HIGH = 3
        URGENT = 4

    LIVE = (State.OPEN, State.SNOOZED)

    id = models.BigIntegerField(
        primary_key=True,
        db_default=models.Func(
            models.Value("conversations_number"), function="nextval", output_field=models.BigIntegerField()
        ),
    )
    # Every index is written again at every word: the inbox has its own by conversation_by_inbox, few have a team.
    inbox = models.ForeignKey("channels.Inbox", on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("customers.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.TextField()
    subject = models.TextField(db_default="")
    state = models.TextField(choices=State, db_default=State.OPEN)
    handled_by = models.TextField(choices=HandledBy, db_default=HandledBy.QUEUE)
    waiting_on = models.TextField(choices=WaitingOn, db_default=WaitingOn.US)
    priority = models.SmallIntegerField(choices=Priority, db_default=Priority.NONE)
    tags = ArrayField(models.TextField(), db_default=models.Value("{}"))
    # Values of the attributes that are defined for conversations.
    attributes = models.JSONField(default=dict, db_default={})
    assignee = models.ForeignKey(
        "accounts.Agent", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    team = models.ForeignKey("accounts.Team", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField(db_default=Now())
    active_at = models.DateTimeField(db_default=Now())
    first_replied_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    # Every change takes the next number under the row's lock: a client that misses one knows it.
    last_seq = models.IntegerField(db_default=0)
    # The same for what the customer may see, so that notes leave no gap there.
    shared_seq = models.IntegerField(db_default=0)
    heard_seq = models.IntegerField(db_default=0)
    seen_seq = models.IntegerField(db_default=0)
    preview = models.TextField(db_default="")
    preview_by = models.TextField(db_default="customer")
    # What we asked last: a system line of its own thread.
    asked_id = models.UUIDField(null=True)
    # Addresses that have written here or were written to, folded, where the channel's messages have an envelope.
    participants = ArrayField(models.TextField(), db_default=models.Value("{}"))
    # Who gets a copy of every answer until somebody takes them out: parties by their folded address, as letters named
    # them. A letter that is to them and to us names us too; ourselves are left out where this is read.
    copies = models.JSONField(default=dict, db_default={})
    # What a room above says of one that needs more than an answer: hot.shapes.Mark. None for nearly all.
    mark = models.JSONField(null=True)
    # Where the customer's words go once it is resolved: here, into a new one, or (None) here for a week.
    joins = models.BooleanField(null=True)
    # Likewise of the next deadline that was promised: hot.shapes.Pledge, and when it is, to be sorted by.
    due_at = models.DateTimeField(null=True)
    pledge = models.JSONField(null=True)
    # The older conversation it goes on from, which had been closed for too long.
    follows = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="conversation_is_dated_when_resolved",
                condition=Q(state="resolved", resolved_at__isnull=False)
                | (~Q(state="resolved") & Q(resolved_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="conversation_is_dated_when_snoozed",
                condition=Q(state="snoozed", snoozed_until__isnull=False)
                | (~Q(state="snoozed") & Q(snoozed_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="conversation_state_is_known",
                condition=Q(state__in=["open", "snoozed", "resolved", "spam", "trash"]),
            ),
            models.CheckConstraint(name="conversation_seq_covers_shared", condition=Q(last_seq__gte=F("shared_seq"))),
        ]
        indexes = [
            models.Index("inbox", "state", F("active_at").desc(), F("id").desc(), name="conversation_by_inbox"),
            models.Index(
                "assignee",
                "state",
                F("active_at").desc(),
                F("id").desc(),
                name="conversation_by_assignee",
                condition=Q(assignee__isnull=False),
            ),
            models.Index(
                "inbox",
                F("active_at").desc(),
                F("id").desc(),
                name="conversation_unassigned",
                condition=Q(assignee__isnull=True, state="open"),
            ),
            models.Index("person", F("id").desc(), name="conversation_by_person"),
            models.Index("snoozed_until", name="conversation_snoozed", condition=Q(state="snoozed")),
            models.Index(
                "team",
                "state",
                F("active_at").desc(),
                F("id").desc(),
                name="conversation_by_team",
                condition=Q(team__isnull=False),
            ),
            GinIndex(fields=["participants"], name="conversation_of_address", condition=~Q(participants=[])),
            models.Index(
                "inbox",
                F("active_at").desc(),
                F("id").desc(),
                name="conversation_marked",
                condition=Q(mark__isnull=False),
            ),
            models.Index("resolved_at", name="conversation_resolved", condition=Q(state="resolved")),
            models.Index("inbox", "due_at", "id", name="conversation_due", condition=Q(due_at__isnull=False)),
            models.Index("follows", name="conversation_follows", condition=Q(follows__isnull=False)),
        ]

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    def resolve(self, *, at: datetime) -> None:
        if self.state == self.State.RESOLVED:
            raise AlreadyResolved(_("This conversation was already resolved."))
        self.state, self.resolved_at, self.snoozed_until = self.State.RESOLVED, at, None
        self.waiting_on = self.WaitingOn.CUSTOMER

    def reopen(self) -> None:
        if self.state == self.State.OPEN:
            raise NotOpen(_("This conversation is already open."))
        self.state, self.resolved_at, self.snoozed_until, self.joins = self.State.OPEN, None, None, None

    def snooze(self, *, until: datetime) -> None:
        if not self.is_live:
            raise NotOpen(_("Only an open conversation can be snoozed."))
        self.state, self.snoozed_until = self.State.SNOOZED, until

    def put_away(self, place: str) -> None:
        if self.state == place:
            raise NotOpen(_("This conversation is already there."))
        self.state, self.resolved_at, self.snoozed_until = place, None, None


class Tally(models.Model):
    """How many conversations stand where: written by a trigger as plus and minus one, added up in the background.

    Deltas instead of one counted row, so that two conversations opened at once never wait for each other.
    """

    inbox_id = models.BigIntegerField()
    state = models.TextField()
    assignee_id = models.BigIntegerField(null=True)
    n = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["inbox_id", "state"], include=["assignee_id", "n"], name="tally_by_inbox")]
