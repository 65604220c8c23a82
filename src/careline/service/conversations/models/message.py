"""What was said in a conversation, by whom, and whether it arrived."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from careline.kit import ids


class Message(models.Model):
    """One line of a thread: the customer's words, a reply, a forward, a note of the team's, or a change (system)."""

    class Kind(models.TextChoices):
        INCOMING = "incoming"
        REPLY = "reply"
        # Passed on to somebody else; the customer does not see it.
        FORWARD = "forward"
        NOTE = "note"
        SYSTEM = "system"

    class Status(models.TextChoices):
        NONE = ""
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"
        DELIVERED = "delivered"
        READ = "read"
        PLAYED = "played"

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    # Always the conversation's own inbox, copied by the statement that writes the line; checked there once.
    inbox = models.ForeignKey(
        "channels.Inbox", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    seq = models.IntegerField()
    shared_seq = models.IntegerField(null=True)
    kind = models.TextField(choices=Kind)
    body = models.TextField(db_default="")
    event = models.JSONField(null=True)
    author_kind = models.TextField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.TextField(db_default="")
    channel = models.TextField(db_default="")
    external_id = models.TextField(null=True)
    client_id = models.TextField(null=True)
    status = models.TextField(choices=Status, db_default="")
    status_reason = models.TextField(db_default="")
    # Its envelope, on channels that have one: channels.letters.Letter.
    letter = models.JSONField(null=True)
    # Where it stood first, when somebody has moved it, and its numbers there, which nothing else gets.
    origin = models.ForeignKey(
        "conversations.Conversation", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    origin_seq = models.IntegerField(null=True)
    origin_shared_seq = models.IntegerField(null=True)
    occurred_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint("conversation", "seq", name="message_seq_is_gapless"),
            models.UniqueConstraint(fields=["id", "kind"], name="message_kind_is_fixed"),
            models.UniqueConstraint(
                "inbox", "external_id", name="message_arrives_once", condition=Q(external_id__isnull=False)
            ),
            models.UniqueConstraint(
                "inbox",
                "author_kind",
                "author_id",
                "client_id",
                name="message_is_sent_once",
                condition=Q(client_id__isnull=False),
            ),
            models.CheckConstraint(
                name="message_kind_is_known", condition=Q(kind__in=["incoming", "reply", "forward", "note", "system"])
            ),
            # What the customer sees is numbered for them; what was passed on and a note never are, and of system lines
            # only what we asked them.
            models.CheckConstraint(
                name="message_note_is_never_shared",
                condition=Q(kind__in=["incoming", "reply"], shared_seq__isnull=False)
                | Q(kind__in=["forward", "note", "system"], shared_seq__isnull=True)
                | Q(kind="system", shared_seq__isnull=False, event__verb="asked"),
            ),
            models.CheckConstraint(
                name="message_system_line_has_its_event",
                condition=Q(kind="system", event__isnull=False)
                | (~Q(kind="system") & Q(event__isnull=True))
                # Of a bot's words: what they offer (hot.shapes.Offered).
                | Q(kind="reply", author_kind="bot"),
            ),
        ]
        indexes = [models.Index("origin", name="message_was_moved", condition=Q(origin__isnull=False))]


class Attachment(models.Model):
    """A file that came or went with a message."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    file_id = models.UUIDField()
    name = models.TextField()
    media_type = models.TextField()
    size = models.BigIntegerField()
    inline = models.BooleanField(default=False)
    position = models.SmallIntegerField(default=0)
    # By which the message's HTML shows it in its place.
    content_id = models.TextField(db_default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("message", "position", name="attachment_has_its_place")]
