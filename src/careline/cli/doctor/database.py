"""The database: is it there, is it new enough, does it keep the same time, has it this version's tables."""

from __future__ import annotations

import os
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from careline.cli import composition
from careline.cli.doctor.finding import Check, Finding, good, note, wrong
from careline.kit import clock

if TYPE_CHECKING:
    from careline.kit.postgres import Cluster

OLDEST = 150000
SKEW_NOTED, SKEW_WRONG = 2.0, 30.0


class Address:
    """Where the database is. An embedded one is started for the visit, and never made."""

    def __init__(self, url: str, says: str = "", mend: str = "", cluster: Cluster | None = None) -> None:
        self.url, self.says, self.mend = url, says, mend
        self._cluster = cluster

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._cluster is not None:
            from django.db import connection

            connection.close()
            self._cluster.stop()


def find() -> Address:
    given = os.environ.get("DATABASE_URL")
    if given:
        return Address(given)
    folder = composition.data_folder() / "postgres"
    if not (folder / "data" / "PG_VERSION").exists():
        return Address("", f"There is none in {folder} yet.", "careline up makes it; DATABASE_URL names another.")
    from careline.kit.postgres import Cluster, ClusterRefused

    cluster = Cluster(folder)
    try:
        return Address(cluster.start(), cluster=cluster)
    except ClusterRefused as refusal:
        return Address("", str(refusal), f"The sentence says it; PostgreSQL's own words are in {folder / 'log'}.")


def reachable() -> Finding:
    from django.db import OperationalError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            number = int(cursor.fetchone()[0])
            cursor.execute("SHOW server_encoding")
            encoding = cursor.fetchone()[0]
    except OperationalError as error:
        last = [line.strip() for line in str(error).splitlines() if line.strip()][-1:]
        return wrong("database", f"It cannot be reached: {' '.join(last)}", "Start it, or correct DATABASE_URL.")
    version = f"PostgreSQL {number // 10000}.{number % 10000}"
    if number < OLDEST:
        return wrong(
            "database", f"{version} is too old.", "Use 15 or newer: careline backup, upgrade, careline restore."
        )
    if encoding != "UTF8":
        return wrong("database", f"It keeps text as {encoding}.", "Create it anew with ENCODING 'UTF8'.")
    return good("database", f"{version} answers.")


def migrations() -> Finding:
    from careline.kit import schema

    there = schema.applied()
    waiting, unknown = schema.missing(there), schema.unknown(there)
    if unknown:
        return wrong("migrations", f"A newer version made {unknown[0]}.", "Install that version again, or a newer one.")
    if waiting:
        says = f"{len(waiting)} are pending, the first is {waiting[0]}."
        return wrong("migrations", says, "Start this version: up, serve and work apply them.")
    return good("migrations", "All are applied.")


def same_time() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        asked = time.perf_counter()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        theirs = float(cursor.fetchone()[0])
        took = time.perf_counter() - asked
    skew = abs(theirs - (clock.now().timestamp() - took / 2))
    says = f"Clocks here and at the database are {skew:.1f} s apart."
    if skew > SKEW_WRONG:
        return wrong("clock", says, "Let both machines keep time by NTP.")
    return note("clock", says, "Let both machines keep time by NTP.") if skew > SKEW_NOTED else good("clock", says)


def space() -> Finding:
    """What the database keeps to itself: a full disk is seen there first."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    return good("size", f"The database takes {size / 1024**2:,.0f} MB.")


REACHABLE: dict[str, Check] = {"database": reachable, "clock": same_time, "size": space}
SCHEMA: dict[str, Check] = {"migrations": migrations}
