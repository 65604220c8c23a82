"""A conversation as if it had come by mail."""

from __future__ import annotations

from typing import Any


def by_mail(inbox: Any, conversation: Any) -> None:
    """For what only letters have: whom it goes to, and passing it on."""
    from careline.channels.models import Inbox
    from careline.service.conversations.models import Conversation

    told = {"address": "help@shop.example", "smtp_host": "mail.shop.example"}
    Inbox.objects.filter(pk=inbox.pk).update(kind="email", delivery="push", settings=told)
    Conversation.objects.filter(pk=conversation.pk).update(channel="email")
