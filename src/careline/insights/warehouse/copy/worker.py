"""The loop that keeps the copy: it sleeps until somebody tells of the line, and asks the database nothing meanwhile."""

from __future__ import annotations

import logging
import threading
import time

from django.db import DatabaseError, InterfaceError, connection

from careline.insights import stale
from careline.insights.warehouse.copy.keeping import Keeper, keeping
from careline.kit import bus

# To hear that it shall stop; asks nobody anything.
BEAT = 0.5
# Many commits make one version: the first of them waits this long, and as long as the last version took.
GATHER = 0.5
LONGEST_PAUSE = 2.0
# Another process keeps the copy: whether it still does.
LONGEST = 5.0
# A transaction holds back what was committed beside it, or the database is away: looked for again ever less often.
AGAIN = 1.0
LONGEST_AGAIN = 5.0
HOUSEKEEPING = 86400.0
_log = logging.getLogger(__name__)


def run(stop: threading.Event) -> None:
    """Keep the copy until told to stop, as soon as no other process on this folder does."""
    news = threading.Event()
    news.set()
    leave = [bus.subscribe(topic, lambda topic, message: news.set()) for topic in ("touchpoints", stale.TOPIC)]
    try:
        while not stop.is_set():
            with keeping() as keeper:
                if keeper is not None:
                    _loop(stop, news, keeper)
            stop.wait(LONGEST)
    finally:
        for unsubscribe in leave:
            unsubscribe()
        connection.close()


def _loop(stop: threading.Event, news: threading.Event, keeper: Keeper) -> None:
    again = AGAIN
    look_at: float | None = None
    cleaned = 0.0
    busy = False
    while not stop.is_set():
        woken = news.wait(BEAT)
        if busy:
            busy = keeper.tend()
        if not woken and (look_at is None or time.monotonic() < look_at):
            continue
        if stop.wait(GATHER):
            return
        news.clear()
        began = time.monotonic()
        try:
            all_in = keeper.follow()
            busy = keeper.tend()
            if time.monotonic() - cleaned > HOUSEKEEPING:
                cleaned = time.monotonic()
                stale.clean()
        except (DatabaseError, InterfaceError) as error:
            _log.warning("The columnar copy waits for the database: %s", type(error).__name__)
            connection.close()
            all_in = False
        if all_in:
            look_at, again = None, AGAIN
        else:
            look_at, again = time.monotonic() + again, min(again * 2, LONGEST_AGAIN)
        stop.wait(min(time.monotonic() - began, LONGEST_PAUSE))
