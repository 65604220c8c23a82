"""What goes out: put in line by authority alone, brought with patience, and followed until it is read."""

from careline.channels.outbox.delivery import brought, deliver, run
from careline.channels.outbox.entry import Asked, discard, enqueue, follow, moved, unasked
from careline.channels.outbox.preparing import letters_with, reached
from careline.channels.outbox.returning import status
from careline.channels.outbox.statuses import RANK

__all__ = [
    "RANK", "Asked", "brought", "deliver", "discard", "enqueue", "follow", "letters_with", "moved", "reached", "run",
    "status", "unasked",
]  # fmt: skip
