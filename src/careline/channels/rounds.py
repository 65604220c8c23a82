"""A worker's loop: woken by news, looking by itself now and then, outliving a database that went away."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, close_old_connections, connections

from careline.kit import bus

IDLE = 3.0
AFTER_TROUBLE = 1.0
_log = logging.getLogger(__name__)


def keep(stop: threading.Event, *, topic: str, work: Callable[[], int]) -> None:
    """Repeat `work` while it finds something; otherwise wait for the topic, or for IDLE seconds."""
    woken = threading.Event()
    leave = bus.subscribe(topic, lambda _topic, _message: woken.set())
    try:
        while not stop.is_set():
            woken.clear()
            if not _worked(work, stop):
                _rest(stop, woken)
    finally:
        leave()
        connections.close_all()


def _worked(work: Callable[[], int], stop: threading.Event) -> bool:
    close_old_connections()
    try:
        return work() > 0
    except (OperationalError, InterfaceError):
        _log.warning("The database is not there; trying again.")
    except Exception:
        _log.exception("A round of work failed.")
    connections.close_all()
    stop.wait(AFTER_TROUBLE)
    return False


def _rest(stop: threading.Event, woken: threading.Event) -> None:
    waited = 0.0
    # In short naps, so that stopping is quick.
    while waited < IDLE and not stop.is_set() and not woken.wait(0.25):
        waited += 0.25
