"""The workers alone: reactions to the line, what comes in, what goes out, timers and slow work.

Several may run beside each other; they share what there is to do.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import threading
import time
from collections.abc import Callable

Loop = Callable[[threading.Event], None]

# A loop that fell over stands up again: after a second, and ever later while it keeps falling.
FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0
# What is under way when the word comes to stop; what is not done by then is done after the next start.
PATIENCE = 15.0
LEAVING = 12.0
BEAT = 0.5
_log = logging.getLogger(__name__)


class Workers:
    """One thread a loop, beside the web or on their own."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        from careline.cli.rooms import discover

        discover()
        for name, loop in loops().items():
            thread = threading.Thread(target=keep, args=(name, loop, self._stop), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        deadline = time.monotonic() + PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                _log.warning("The loop %s did not stop in time.", thread.name)
        self._threads.clear()


def loops() -> dict[str, Loop]:
    from careline.channels import fetching, inbound, letterbox, outbox
    from careline.insights import columnar
    from careline.service.routing import engine
    from careline.touchpoints import subscribers

    found: dict[str, Loop] = {
        "reactions": subscribers.run, "inbound": inbound.run, "outbox": outbox.run, "fetching": fetching.run,
        "columnar": columnar, "routing": engine.run, "jobs": jobs,
    }  # fmt: skip
    return found | ({"letterbox": letterbox.run} if letterbox.configured() else {})


def keep(name: str, loop: Loop, stop: threading.Event) -> None:
    """Runs one loop until told to stop, whatever happens to it."""
    from django.db import connection

    wait = FIRST_WAIT
    while not stop.is_set():
        began = time.monotonic()
        try:
            loop(stop)
        except Exception as error:
            if stop.is_set():
                return
            if time.monotonic() - began > LONGEST_WAIT:
                wait = FIRST_WAIT
            if _is_lost(error):
                _log.warning("The loop %s waits for the database.", name)
            else:
                _log.exception("The loop %s fell over; it is started again.", name)
        finally:
            connection.close()
        stop.wait(wait)
        wait = min(LONGEST_WAIT, wait * 2)


def jobs(stop: threading.Event) -> None:
    """The job queue has an event loop of its own."""
    from careline.kit import jobs as queue

    async def until_stopped() -> bool:
        work = asyncio.create_task(queue.work())
        while not work.done():
            if stop.is_set():
                queue.leaving.set()
                work.cancel()
                await asyncio.wait({work}, timeout=LEAVING if _answers() else FIRST_WAIT)
                return work.done()
            await asyncio.wait({work}, timeout=BEAT)
        work.result()
        return True

    loop = asyncio.new_event_loop()
    if loop.run_until_complete(until_stopped()):
        loop.close()


def _answers() -> bool:
    """Without a database the queue would try for long to say that it leaves; whoever comes next notices anyway."""
    import psycopg
    from django.conf import settings

    try:
        psycopg.connect(settings.DATABASE_URL or "", connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


def _is_lost(error: Exception) -> bool:
    """The database went away; it comes back."""
    from django.db import InterfaceError, OperationalError
    from psycopg import Error

    return isinstance(error, InterfaceError | OperationalError | Error | OSError) or "Connector" in type(error).__name__


def options(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> None:
    from careline.cli import begin, signals
    from careline.cli.say import say

    signals.interrupt()
    begin.joined()
    workers = Workers()
    with begin.on_the_bus():
        workers.start()
        say("Careline works. Ctrl-C stops it.")
        signals.wait()
        workers.stop()
    say("Stopped.")
