"""One mailbox and the thread that fetches from it: at once again after a good while, ever later after failures."""

from __future__ import annotations

import logging
import threading
import time

import psycopg
from django.db import InterfaceError, OperationalError, connections

from careline.channels import adapter, inbound, visits
from careline.channels.adapter import Endpoint
from careline.channels.fetching.satchel import HouseSatchel
from careline.channels.satchel import FetchFailed, fetches
from careline.kit import text
from careline.kit.sentences import lasting

FIRST_WAIT = 2.0
LONGEST_WAIT = 240.0
# After a wrong password or the like: providers lock mailboxes that keep on trying. A changed setting is tried at once.
LASTING_WAIT = 60.0
LONGEST_LASTING_WAIT = 540.0
# A connection that held so long was a good one.
STEADY = 60.0
_log = logging.getLogger(__name__)


class Runner:
    def __init__(self, kind: str, inbox: Endpoint) -> None:
        self.kind, self.inbox = kind, inbox
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, name=f"fetch-{inbox.inbox_id}", daemon=True)
        self.thread.start()

    def serves(self, wanted: tuple[str, Endpoint] | None) -> bool:
        """Whether it is what is wanted, settings and secrets included."""
        return wanted == (self.kind, self.inbox) and self.thread.is_alive()

    def _run(self) -> None:
        wait = 0.0
        while not self.stop.wait(wait):
            began = time.monotonic()
            satchel = HouseSatchel(self.inbox.inbox_id, adapter.of(self.kind), _kept, self._renewed)
            lasting = False
            try:
                lasting = self._fetched(satchel)
            except (OperationalError, InterfaceError, psycopg.Error):
                _log.warning("Fetching for inbox %s waits for the database.", self.inbox.inbox_id)
            except Exception:
                _log.exception("What came of a look into inbox %s could not be kept.", self.inbox.inbox_id)
            finally:
                connections.close_all()
            steady = satchel.looked and time.monotonic() - began > STEADY
            wait = waits(0.0 if steady else wait, lasting=lasting)

    def _fetched(self, satchel: HouseSatchel) -> bool:
        """Whether it failed in a way that lasts until somebody changes something."""
        inbox_id = self.inbox.inbox_id
        channel = fetches(adapter.of(self.kind))
        assert channel is not None
        try:
            channel.fetch(self.inbox, satchel, self.stop)
        except FetchFailed as failure:
            _log.warning("Fetching for inbox %s failed: %s", inbox_id, failure.reason)
            satchel.fail(failure.said)
            return failure.lasting
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            _log.exception("Fetching for inbox %s fell over.", inbox_id)
            name = text.excerpt(type(error).__name__, 100)
            satchel.fail(lasting("Something went wrong here: %(what)s") % {"what": name})
        return False

    def _renewed(self, inbox_id: int, name: str, secret: str) -> None:
        visits.renew(inbox_id, name, secret)
        # Known here, so that it is not taken for a change of somebody else's.
        self.inbox = visits.endpoint(inbox_id)


def waits(before: float, *, lasting: bool) -> float:
    """How long to leave the other side alone, after having waited `before` the last time."""
    least, most = (LASTING_WAIT, LONGEST_LASTING_WAIT) if lasting else (FIRST_WAIT, LONGEST_WAIT)
    return min(most, max(least, before * 2))


def _kept(inbox_id: int, key: str, raw: bytes, headers: dict[str, str]) -> bool:
    return not inbound.keep(inbox_id, key, raw, headers).repeated
