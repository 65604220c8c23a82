"""The worker: every open mailbox has a thread that fetches, begun anew when its settings change."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connections

from careline.channels import visits
from careline.channels.fetching.claims import Claims
from careline.channels.fetching.runner import Runner
from careline.kit import bus

# Settings are looked at when somebody says that they changed, and after so many seconds in any case.
ROUND = 20.0
AFTER_TROUBLE = 2.0
BEAT = 0.25
LEAVING = 6.0
_log = logging.getLogger(__name__)


def run(stop: threading.Event) -> None:
    """Until told to stop. Beside other workers each mailbox is served by one of them."""
    changed = threading.Event()
    worker = Worker()

    def heard(_topic: str, message: Mapping[str, Any]) -> None:
        if message.get("look"):
            worker.again.add(message["inbox"])
        changed.set()

    leave = bus.subscribe("inboxes", heard)
    try:
        while not stop.is_set():
            changed.clear()
            _rest(ROUND if worker.round() else AFTER_TROUBLE, stop, changed)
    finally:
        leave()
        worker.end()
        connections.close_all()


class Worker:
    def __init__(self) -> None:
        self._claims = Claims(lambda: settings.DATABASE_URL or "")
        self._runners: dict[int, Runner] = {}
        # Somebody wants these looked into now: they are begun anew, whatever they wait for.
        self.again: set[int] = set()

    def round(self) -> bool:
        """What is to be fetched from is; whether the database was there to say so."""
        close_old_connections()
        try:
            if not self._claims.alive():
                # Another worker may have taken over: what is under way here ends.
                self._end(list(self._runners))
            wanted = {one.pk: (one.kind, visits.endpoint(one.pk)) for one in visits.fetched_from()}
            again, self.again = self.again, set()
            self._end(
                one for one, runner in self._runners.items() if one in again or not runner.serves(wanted.get(one))
            )
            for inbox_id, (kind, inbox) in wanted.items():
                if inbox_id not in self._runners and self._claims.claim(inbox_id):
                    self._runners[inbox_id] = Runner(kind, inbox)
        except (OperationalError, InterfaceError, psycopg.Error):
            _log.warning("The database is not there; trying again.")
            connections.close_all()
            self._claims.drop()
            return False
        # Between rounds nothing is asked.
        connections.close_all()
        return True

    def end(self) -> None:
        self._end(list(self._runners))
        self._claims.drop()

    def _end(self, inbox_ids: Iterable[int]) -> None:
        """All are told first, then waited for; one that does not end keeps its claim and is asked again next time."""
        ending = [(inbox_id, self._runners[inbox_id]) for inbox_id in inbox_ids]
        for _id, runner in ending:
            runner.stop.set()
        for inbox_id, runner in ending:
            runner.thread.join(LEAVING)
            if runner.thread.is_alive():
                _log.warning("Fetching for inbox %s does not end.", inbox_id)
                continue
            del self._runners[inbox_id]
            self._claims.release(inbox_id)


def _rest(seconds: float, stop: threading.Event, changed: threading.Event) -> None:
    waited = 0.0
    # In short naps, so that stopping is quick.
    while waited < seconds and not stop.is_set() and not changed.wait(BEAT):
        waited += BEAT
