"""The worker's loop: woken by news of the line, looking by itself once a second."""

from __future__ import annotations

import logging
import threading
import time

from django.db import DatabaseError, InterfaceError, connection

from careline.kit import bus
from careline.touchpoints import partitions
from careline.touchpoints.subscribers.registry import registered
from careline.touchpoints.subscribers.rounds import go_round, look, somebody_waits
from careline.touchpoints.subscribers.settling import settle_when_foreign

FALLBACK = 1.0
# Many commits make one round: the first of them waits this long.
GATHER = 0.03
# Somebody writes right now: what they write, and all that comes after it, can be delivered when they are done.
IN_FLIGHT = 0.1
HOUSEKEEPING = 3600.0
_log = logging.getLogger(__name__)


def run(stop: threading.Event) -> None:
    """Deliver until told to stop; survives a database that goes away. Several workers may run: they share."""
    news = threading.Event()
    leave = bus.subscribe("touchpoints", lambda topic, message: news.set())
    try:
        _loop(stop, news)
    finally:
        leave()
        connection.close()


def _loop(stop: threading.Event, news: threading.Event) -> None:
    quiet_at: str | None = None  # the xmax up to which nothing is left
    next_cleaning = 0.0
    in_flight_for = IN_FLIGHT
    while not stop.is_set():
        pause = FALLBACK
        try:
            if time.monotonic() >= next_cleaning:
                settle_when_foreign()
                next_cleaning = time.monotonic() + HOUSEKEEPING
                partitions.ensure_ahead()
            horizon = look()
            if horizon.xmax != quiet_at or somebody_waits(horizon):
                done = go_round(registered(), horizon)
                if done.moved:
                    in_flight_for = IN_FLIGHT
                    continue
                quiet_at = done.xmax if done.is_quiet else None
                if done.in_flight:  # soon, then ever less often: it may be an import of hours
                    pause, in_flight_for = in_flight_for, min(in_flight_for * 2, FALLBACK)
                else:
                    in_flight_for = IN_FLIGHT
        except (DatabaseError, InterfaceError) as error:
            _log.warning("The subscribers wait for the database: %s", type(error).__name__)
            connection.close()
        except Exception:
            _log.exception("A round of the subscribers failed.")
        if news.wait(pause):
            stop.wait(GATHER)
            news.clear()
