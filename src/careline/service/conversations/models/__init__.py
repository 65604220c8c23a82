"""Conversation, message, attachment, follower, tally; and what is brought of earlier years."""

from careline.service.conversations.models.conversation import AlreadyResolved, Conversation, NotOpen, Tally
from careline.service.conversations.models.follower import Follower
from careline.service.conversations.models.history import History, LeftOut
from careline.service.conversations.models.message import Attachment, Message

__all__ = [
    "AlreadyResolved", "Attachment", "Conversation", "Follower", "History", "LeftOut", "Message", "NotOpen", "Tally",
]  # fmt: skip
