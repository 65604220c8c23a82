"""Inboxes and their members, what came in raw and how it was fetched, what goes out and what became of it."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.kit import clock


class InboxQuerySet(models.QuerySet["Inbox"]):
    def open(self) -> Self:
        return self.filter(archived_at__isnull=True)


class Inbox(models.Model):
    """One address customers write to, of one kind of channel."""

    class Delivery(models.TextChoices):
        PULL = "pull"  # the customer's side fetches its answers
        PUSH = "push"  # answers leave through the outbox

    kind = models.TextField()
    name = models.TextField()
    key = models.TextField(unique=True)
    secret = models.BinaryField()
    settings = models.JSONField(default=dict, db_default={}, blank=True)
    # Sealed JSON of the settings nobody is shown; empty when there are none.
    credentials = models.BinaryField(default=b"", db_default=b"")
    delivery = models.TextField(choices=Delivery.choices, default=Delivery.PULL)
    language = models.TextField(default="en")
    # A bot has its new conversations before anybody else.
    bot = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())
    archived_at = models.DateTimeField(null=True)

    objects = InboxQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="inbox_is_named", condition=~Q(name="") & ~Q(kind="") & ~Q(key="") & ~Q(language="")
            ),
            models.CheckConstraint(name="inbox_delivery_is_known", condition=Q(delivery__in=["pull", "push"])),
        ]


class Membership(models.Model):
    """An agent works in an inbox."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="memberships")
    # The unique pair below begins with the agent, which is how authorization looks it up.
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Membership]]

    class Meta:
        constraints = [models.UniqueConstraint(name="membership_is_once", fields=["agent", "inbox"])]


class Inbound(models.Model):
    """What a channel received, byte for byte, before anybody understood it."""

    class State(models.TextChoices):
        NEW = "new"
        TAKEN = "taken"
        FAILED = "failed"

    # The unique pair below begins with the inbox.
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="+", db_index=False)
    external_key = models.TextField()
    raw = models.BinaryField()
    headers = models.JSONField(default=dict, db_default={}, blank=True)
    received_at = models.DateTimeField(default=clock.now, db_default=Now())
    person = models.ForeignKey(
        "customers.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.TextField(choices=State.choices, default=State.NEW, db_default=State.NEW)
    error = models.TextField(default="", db_default="", blank=True)
    attempts = models.SmallIntegerField(default=0, db_default=0)
    next_attempt_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Inbound]]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="inbound_is_once", fields=["inbox", "external_key"]),
            models.CheckConstraint(name="inbound_state_is_known", condition=Q(state__in=["new", "taken", "failed"])),
            models.CheckConstraint(name="inbound_failure_has_a_reason", condition=~Q(state="failed") | ~Q(error="")),
        ]
        indexes = [
            models.Index(name="inbound_waiting", fields=["next_attempt_at", "id"], condition=Q(state="new")),
            models.Index(name="inbound_failed", fields=["inbox", "-id"], condition=Q(state="failed")),
            models.Index(
                name="inbound_came_to_nothing", fields=["inbox", "-id"], condition=Q(state="taken") & ~Q(error="")
            ),
            models.Index(name="inbound_of_person", fields=["person"], condition=Q(person__isnull=False)),
        ]


class Illegible(models.Model):
    """A delivery nobody could read: it is kept, and those who manage inboxes are told, once a day."""

    delivery = models.OneToOneField(Inbound, on_delete=models.CASCADE, related_name="+", primary_key=True)
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    # A code the channel has words for; empty where the delivery itself says why.
    why = models.TextField(default="", db_default="", blank=True)
    # Where the original stands; none while the delivery is stuck.
    conversation_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=clock.now, db_default=Now())
    told_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Illegible]]

    class Meta:
        indexes = [
            models.Index(name="illegible_of_inbox", fields=["inbox", "-at"]),
            models.Index(name="illegible_untold", fields=["inbox"], condition=Q(told_at__isnull=True)),
        ]


class Outbox(models.Model):
    """One message on its way to one person; it exists by a reply's or a decision's authority and by nothing else."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        DELIVERED = "delivered"
        READ = "read"
        PLAYED = "played"

    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="+")
    # Conversations add the foreign key (message_id, message_kind): a reply or a forward, so a note never leaves.
    message_id = models.UUIDField(null=True)
    message_kind = models.TextField(null=True)
    # The composite foreign key of the migration holds decision, person and permission together.
    decision = models.ForeignKey(
        "contact.Decision", null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    decision_allowed = models.BooleanField(null=True)
    # What was let out may go on once somebody has answered: the next question of a survey.
    step = models.PositiveSmallIntegerField(default=0, db_default=0)
    person = models.ForeignKey("customers.Person", on_delete=models.PROTECT, related_name="+")
    # Empty: looked up among the person's identities when it leaves.
    recipient = models.TextField(default="", db_default="", blank=True)
    # {"text", "conversation", "attachments": [{"file_id", "name", "media_type"}]}; of what a decision let out also
    # "letter", "mailing" and "expects".
    payload = models.JSONField()
    state = models.TextField(choices=State.choices, default=State.QUEUED, db_default=State.QUEUED)
    attempts = models.SmallIntegerField(default=0, db_default=0)
    next_attempt_at = models.DateTimeField(default=clock.now, db_default=Now())
    error = models.TextField(default="", db_default="", blank=True)
    external_id = models.TextField(null=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())
    updated_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[Outbox]]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outbox_has_one_authority",
                condition=Q(
                    message_id__isnull=False,
                    message_kind__isnull=False,
                    message_kind__in=["reply", "forward"],
                    decision__isnull=True,
                    decision_allowed__isnull=True,
                )
                | Q(
                    message_id__isnull=True,
                    message_kind__isnull=True,
                    decision__isnull=False,
                    decision_allowed__isnull=False,
                    decision_allowed=True,
                ),
            ),
            models.CheckConstraint(
                name="outbox_state_is_known",
                condition=Q(state__in=["queued", "sending", "sent", "failed", "delivered", "read", "played"]),
            ),
            models.CheckConstraint(name="outbox_failure_has_a_reason", condition=~Q(state="failed") | ~Q(error="")),
            models.UniqueConstraint(name="outbox_sends_a_message_once", fields=["message_id"]),
            models.UniqueConstraint(name="outbox_sends_a_decision_once", fields=["decision", "step"]),
            models.UniqueConstraint(
                name="outbox_external_id_is_once",
                fields=["inbox", "external_id"],
                condition=Q(external_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="outbox_due", fields=["next_attempt_at", "id"], condition=Q(state__in=["queued", "sending"])
            ),
            # Whether something older to the same person is still under way.
            models.Index(
                name="outbox_of_person",
                fields=["inbox", "person", "id"],
                condition=Q(state__in=["queued", "sending"]),
            ),
            models.Index(name="outbox_failed", fields=["inbox", "-id"], condition=Q(state="failed")),
        ]


class ParkedStatus(models.Model):
    """A delivery status that came before its message had its external id; it is applied when the id arrives."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.TextField()
    status = models.TextField()
    reason = models.TextField(default="", db_default="", blank=True)
    # Of several recipients, whom it is about; and why nothing more is to be sent there, as adapter.Receipt has it.
    address = models.TextField(default="", db_default="", blank=True)
    suppress = models.TextField(default="", db_default="", blank=True)
    code = models.TextField(default="", db_default="", blank=True)
    words = models.TextField(default="", db_default="", blank=True)
    at = models.DateTimeField(default=clock.now, db_default=Now())

    objects: ClassVar[models.Manager[ParkedStatus]]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="parked_status_is_once", fields=["inbox", "external_id", "status", "address"]),
            models.CheckConstraint(
                name="parked_status_is_known",
                condition=Q(status__in=["sent", "failed", "delivered", "read", "played"]),
            ),
            models.CheckConstraint(
                name="parked_suppression_is_known",
                condition=Q(suppress__in=["", "user_unknown", "host_unknown", "refused", "complaint"]),
            ),
        ]
        indexes = [models.Index(name="parked_status_at", fields=["at"])]
