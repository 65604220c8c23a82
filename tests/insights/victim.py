"""A worker that a test kills in the middle of a version: `python -m tests.insights.victim`."""

from __future__ import annotations

import os
import sys
import threading
import time

import django


def main() -> None:
    django.setup()
    from django.conf import settings

    from careline.insights.warehouse.copy import laying, manifest, worker
    from careline.kit import bus

    worker.GATHER = 0.02
    steps = {"lay": (laying, "lay"), "switch": (manifest, "switch"), "sweep": (manifest, "sweep")}
    chosen = os.environ.get("DAWDLE_AT")
    if chosen:
        module, name = steps[chosen]
        told = getattr(module, name)

        def dawdle(*given, **named):
            # At the second version: the first one is there by then.
            if manifest.read() is not None:
                os.write(sys.stdout.fileno(), b"in the middle\n")
                time.sleep(60)
            return told(*given, **named)

        setattr(module, name, dawdle)
    bus.start(settings.DATABASE_URL)
    worker.run(threading.Event())


if __name__ == "__main__":
    main()
