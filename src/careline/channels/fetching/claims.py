"""Which inboxes this process fetches for: a lock of the database for each, all on one connection of their own."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

# "fetch", and the number of the inbox.
_FETCH = 0x66_6574_6368 << 24


class Claims:
    """The locks go with the connection: whoever finds it broken holds none of them anymore."""

    def __init__(self, dsn: Callable[[], str]) -> None:
        self._dsn = dsn
        self._connection: psycopg.Connection[tuple[bool]] | None = None
        self._held: set[int] = set()

    def alive(self) -> bool:
        """Whether what was claimed is still ours."""
        if self._connection is None:
            return not self._held
        try:
            self._connection.execute("SELECT 1")
        except psycopg.Error:
            self.drop()
            return False
        return True

    def claim(self, inbox_id: int) -> bool:
        """Raises psycopg's errors when the database is away."""
        if inbox_id in self._held:
            return True
        if self._connection is None:
            self._connection = psycopg.connect(
                self._dsn(),
                autocommit=True,
                application_name="careline fetching",
                connect_timeout=5,
                keepalives_idle=15,
                keepalives_interval=5,
                keepalives_count=3,
                tcp_user_timeout=20_000,
            )
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", [_number(inbox_id)]).fetchone()
        if row is not None and row[0]:
            self._held.add(inbox_id)
            return True
        return False

    def release(self, inbox_id: int) -> None:
        if inbox_id in self._held and self._connection is not None:
            self._held.discard(inbox_id)
            try:
                self._connection.execute("SELECT pg_advisory_unlock(%s)", [_number(inbox_id)])
            except psycopg.Error:
                self.drop()

    def drop(self) -> None:
        connection, self._connection = self._connection, None
        self._held.clear()
        if connection is not None:
            connection.close()


def _number(inbox_id: int) -> int:
    return _FETCH + inbox_id % (1 << 24)
