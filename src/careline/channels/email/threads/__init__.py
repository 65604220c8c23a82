"""How an answer finds its conversation: what we sign into a mail, and what is looked for in one that comes back."""

from __future__ import annotations

from careline.channels.email.threads.answers import Answering, answering, answering_mail, passed_on, subject
from careline.channels.email.threads.matching import matched
from careline.channels.email.threads.tokens import (
    conversation_of_address,
    conversations_of_marker,
    marker,
    message_id,
    message_of,
    reply_address,
)
from careline.channels.threading import Asked, Match, Step, Thread

__all__ = [
    "Answering",
    "Asked",
    "Match",
    "Step",
    "Thread",
    "answering",
    "answering_mail",
    "conversation_of_address",
    "conversations_of_marker",
    "marker",
    "matched",
    "message_id",
    "message_of",
    "passed_on",
    "reply_address",
    "subject",
]
