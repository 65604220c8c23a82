"""What goes out: put in line by authority alone, brought with patience, and followed until it is read."""

from careline.channels.outbox.delivery import deliver, run
from careline.channels.outbox.entry import enqueue
from careline.channels.outbox.statuses import RANK, status

__all__ = ["RANK", "deliver", "enqueue", "run", "status"]
