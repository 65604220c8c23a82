"""A worker that a test kills in the middle of a file: `python -m tests.tracking.importer`."""

from __future__ import annotations

import os
import sys
import time

import django


def main() -> None:
    django.setup()
    from careline.tracking import hot, jobs
    from careline.tracking.importing import running

    running.PIECE = int(os.environ["PIECE"])
    land, pause = hot.land, float(os.environ.get("PAUSE", "0"))

    def landed(*given):
        """Pauses inside the transaction that lands a piece: neither all of it is there nor nothing."""
        done = land(*given)
        os.write(sys.stdout.fileno(), b"landed\n")
        time.sleep(pause)
        return done

    hot.land = landed
    jobs.run_imports()


if __name__ == "__main__":
    main()
