"""News between the parts of a running Careline: published after commit, heard at once in this process."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.db import transaction

Message = dict[str, Any]
Callback = Callable[[str, Message], None]

# Told to every subscriber when messages of other processes may have been missed: compare with the database again.
GAP = "bus.gap"

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_subscribers: tuple[tuple[str, Callback], ...] = ()


def publish(topic: str, message: Message) -> None:
    """Never raises: what happened has happened, whether or not anybody could be told."""
    deliver(topic, message)


def after_commit(topic: str, message: Message) -> None:
    """Published when the transaction around it is committed, and not at all when it is rolled back."""
    transaction.on_commit(lambda: publish(topic, message))


def subscribe(prefix: str, callback: Callback) -> Callable[[], None]:
    """`callback(topic, message)` runs in whichever thread publishes; it must be quick. Returns the way to leave."""
    global _subscribers
    entry = (prefix, callback)
    with _lock:
        _subscribers = (*_subscribers, entry)

    def unsubscribe() -> None:
        global _subscribers
        with _lock:
            _subscribers = tuple(other for other in _subscribers if other is not entry)

    return unsubscribe


def deliver(topic: str, message: Message) -> None:
    """To the subscribers of this process."""
    for prefix, callback in _subscribers:
        if topic == GAP or topic.startswith(prefix):
            try:
                callback(topic, message)
            except Exception:
                _log.exception("A subscriber of %s failed.", prefix or "everything")


def start(dsn: str | None = None, redis_url: str | None = None) -> None:
    """Joins this process with others; without an address it stands alone."""


def stop() -> None:
    """Leaves the others; subscriptions stay."""
