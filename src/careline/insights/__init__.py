"""What the line tells when it is looked at as a whole; joins service and experience, and reads a copy of the line."""

from __future__ import annotations

import threading


def columnar(stop: threading.Event) -> None:
    """The worker's loop that keeps the copy."""
    from careline.insights.warehouse.copy import worker

    worker.run(stop)
