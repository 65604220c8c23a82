"""What goes out: put in line by authority alone, brought with patience, and followed until it is read."""

from careline.channels.outbox.delivery import brought, deliver, run
from careline.channels.outbox.entry import discard, enqueue, moved
from careline.channels.outbox.preparing import letters_with
from careline.channels.outbox.returning import status
from careline.channels.outbox.statuses import RANK

__all__ = ["RANK", "brought", "deliver", "discard", "enqueue", "letters_with", "moved", "run", "status"]
