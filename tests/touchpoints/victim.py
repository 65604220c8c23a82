"""A worker process that a test kills in the middle of a batch: `python -m tests.touchpoints.victim`."""

from __future__ import annotations

import os
import sys
import threading
import time

import django


def main() -> None:
    django.setup()
    from django.db import connection

    from careline.touchpoints import on, subscribers

    @on("event.tracked", name="tests.victim", from_start=True)
    def count(moments):
        with connection.cursor() as cursor:
            for moment in moments:
                # The effect of half a batch stands, uncommitted, when the process dies.
                cursor.execute("INSERT INTO victim_effects VALUES (%s)", [moment.facts["name"]])
                if os.environ.get("DAWDLE"):
                    os.write(sys.stdout.fileno(), b"in the middle\n")
                    time.sleep(float(os.environ["DAWDLE"]))

    subscribers.run(threading.Event())


if __name__ == "__main__":
    main()
