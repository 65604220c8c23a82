"""Verbs of a conversation; each is one transaction: lock, rule, record, return."""

from careline.service.conversations.actions.arriving import hear_letter, open_by_letter
from careline.service.conversations.actions.care import assign, mark_seen, prioritize, tag, wait_on
from careline.service.conversations.actions.copying import copy
from careline.service.conversations.actions.describing import ask_attribute, describe, drop_attribute
from careline.service.conversations.actions.following import follow, unfollow
from careline.service.conversations.actions.forwarding import forward
from careline.service.conversations.actions.handing import decline
from careline.service.conversations.actions.marking import bind, let_follow, open_empty, pledge, unmark
from careline.service.conversations.actions.moving import rethread, split, take_back
from careline.service.conversations.actions.overhearing import overhear
from careline.service.conversations.actions.speech import hear, note, open_with, receive, reply, start
from careline.service.conversations.actions.state import reopen, resolve, restore, snooze, spam, trash, wake_due

__all__ = [
    "ask_attribute", "assign", "bind", "copy", "decline", "describe", "drop_attribute", "follow", "forward", "hear",
    "hear_letter", "let_follow", "mark_seen", "note", "open_by_letter", "open_empty", "open_with", "overhear",
    "pledge", "prioritize", "receive", "reopen", "reply", "resolve", "restore", "rethread", "snooze", "spam",
    "split", "start", "tag", "take_back", "trash", "unfollow", "unmark", "wait_on", "wake_due",
]  # fmt: skip
