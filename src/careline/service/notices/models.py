"""What a follower has still to be told."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Notice(models.Model):
    """Something that happened in a conversation; gone once the agent was told."""

    agent = models.ForeignKey("accounts.Agent", on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.TextField()
    # Nobody of the house, where the customer or a machine did it.
    by = models.ForeignKey("accounts.Agent", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    # By the database's clock, which the reaction writes it by.
    noted_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["conversation", "agent"], name="notice_of_conversation")]
