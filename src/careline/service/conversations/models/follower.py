"""Who of the house follows a conversation without having it."""

from __future__ import annotations

from django.db import models

from careline.kit import clock


class Follower(models.Model):
    """An agent who hears of what happens in a conversation. No customer ever learns of it."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="followers")
    # Found by the constraint, which begins with the agent.
    agent = models.ForeignKey("accounts.Agent", on_delete=models.CASCADE, related_name="+", db_index=False)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "conversation"], name="follower_follows_once")]
