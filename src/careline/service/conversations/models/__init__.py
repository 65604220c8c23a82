"""Conversation, message, attachment, tally."""

from careline.service.conversations.models.conversation import AlreadyResolved, Conversation, NotOpen, Tally
from careline.service.conversations.models.message import Attachment, Message

__all__ = ["AlreadyResolved", "Attachment", "Conversation", "Message", "NotOpen", "Tally"]
