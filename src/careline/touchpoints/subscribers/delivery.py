"""One batch to one subscriber: its effects and its cursor in one transaction, and what happens when it fails."""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Sequence

from django.db import connection, transaction

from careline.touchpoints.subscribers import hot
from careline.touchpoints.subscribers.hot import Owed, Place, Positioned
from careline.touchpoints.subscribers.registry import Subscriber

# After so many failures of whole batches the touchpoint at fault is looked for.
PATIENCE = 5
_log = logging.getLogger(__name__)


class Taken(Exception):
    """Another worker delivers to this subscriber."""


class Delivery:
    """What one subscriber is to be given now, and the place it then stands at."""

    def __init__(
        self, subscriber: Subscriber, place: Place, rows: Sequence[Positioned], end: Positioned | None
    ) -> None:
        self.subscriber, self.rows, self.end = subscriber, rows, end
        self.failures, self.xid, self.id = place.failures, place.xid, place.id
        self.connected = connection.connection

    def run(self) -> bool:
        """False when it failed and is put off."""
        if self.failures >= PATIENCE:
            self._search(self.rows)
            return True
        try:
            self._give(self.rows)
        except Taken:
            raise
        except Exception as error:
            if self._connection_was_lost():
                raise
            self._put_off(error)
            return False
        return True

    def _give(self, rows: Sequence[Positioned], *, parked_for: str | None = None) -> None:
        """The transaction: hold, react, move. With `parked_for` the touchpoint is set aside instead."""
        with transaction.atomic():
            if hot.HOLD.one(subscriber=self.subscriber.name, xid=self.xid, id=self.id) is None:
                raise Taken
            if parked_for is None:
                self.subscriber.react([row.moment() for row in rows])
            else:
                for row in rows:
                    hot.PARK.one(
                        subscriber=self.subscriber.name, id=row.id, occurred_at=row.occurred_at, error=parked_for
                    )
            stands = self._move(rows, parked_for)
        self.xid, self.id = stands

    def _move(self, rows: Sequence[Positioned], parked_for: str | None) -> tuple[str, uuid.UUID]:
        if self.end is None:  # what it owed does not move the cursor
            if parked_for is None:
                hot.PAID.all(parked=[row.parked for row in rows if isinstance(row, Owed)])
            hot.RECOVER.one(subscriber=self.subscriber.name)
            return self.xid, self.id
        to = self.end if rows[-1] is self.rows[-1] else rows[-1]
        hot.MOVE.one(subscriber=self.subscriber.name, xid=to.xid, id=to.id)
        return to.xid, to.id

    def _search(self, rows: Sequence[Positioned]) -> None:
        """By halves, in order, until the touchpoint at fault stands alone; it is parked, the rest is delivered."""
        try:
            self._give(rows)
        except Taken:
            raise
        except Exception as error:
            if self._connection_was_lost():
                raise
            if len(rows) > 1:
                half = len(rows) // 2
                self._search(rows[:half])
                self._search(rows[half:])
                return
            _log.exception("%s cannot take touchpoint %s; it is parked.", self.subscriber.name, rows[0].id)
            self._give(rows, parked_for=_told(error))

    def _connection_was_lost(self) -> bool:
        """A database that went away is not the touchpoint's fault; Django has opened a new connection by now."""
        return connection.connection is not self.connected

    def _put_off(self, error: Exception) -> None:
        failed = hot.FAIL.one(subscriber=self.subscriber.name, error=_where(error))
        _log.warning("%s failed for the %s. time: %s", self.subscriber.name, failed.n if failed else "?", _where(error))


def _where(error: Exception) -> str:
    """The error without its message, which may quote a customer; a cursor outlives their erasure."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name}, {frame.filename.rpartition('careline/')[2]}:{frame.lineno}"


def _told(error: Exception) -> str:
    """With its message: parked touchpoints of an erased person are cleaned (erasure.py)."""
    return f"{_where(error)}: {error}"[:2000].replace("\0", "")
