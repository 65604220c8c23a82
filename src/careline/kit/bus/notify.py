"""PostgreSQL's LISTEN and NOTIFY, on connections of their own: inside a business transaction NOTIFY would make all
commits queue up behind each other."""

import psycopg

from careline.kit.bus.link import Listener, Teller

CHANNEL = "careline_bus"


class NotifyWay:
    name = "NOTIFY"
    limit = 7000  # PostgreSQL takes less than 8000 bytes
    lost: tuple[type[Exception], ...] = (psycopg.Error, OSError)

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    def teller(self) -> Teller:
        return _Teller(self._connect())

    def listener(self) -> Listener:
        connection = self._connect()
        connection.execute(f"LISTEN {CHANNEL}".encode())
        return _Listener(connection)

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            self._dsn,
            autocommit=True,
            application_name="careline bus",
            connect_timeout=5,
            keepalives_idle=15,
            keepalives_interval=5,
            keepalives_count=3,
            tcp_user_timeout=20_000,
        )


class _Teller:
    def __init__(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        self._connection = connection

    def send(self, frames: list[str]) -> None:
        # One statement, so that the frames of a batch arrive together or not at all.
        self._connection.execute("SELECT count(pg_notify(%s, frame)) FROM unnest(%s::text[]) frame", (CHANNEL, frames))

    def close(self) -> None:
        self._connection.close()


class _Listener:
    def __init__(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        self._connection = connection

    def receive(self, timeout: float) -> list[str]:
        frames = [heard.payload for heard in self._connection.notifies(timeout=timeout, stop_after=1)]
        if not frames:
            self._connection.execute("SELECT 1")
        return frames

    def close(self) -> None:
        self._connection.close()
