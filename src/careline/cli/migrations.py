"""Migrations at the start: one question when there is nothing to do, one process at a time when there is."""

from __future__ import annotations

import time

from careline.cli.say import say
from careline.kit import schema

# Of the installation, not of the table: pg_advisory_lock takes any number that all agree on.
_TURN = 0x6361726C
PATIENCE = 30.0


def wait_for_database(patience: float = PATIENCE) -> None:
    """Several machines start in any order; give the database time to come."""
    from django.db import OperationalError, connection

    deadline = time.monotonic() + patience
    told = False
    while True:
        try:
            connection.ensure_connection()
            return
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            if not told:
                say("Waiting for the database …")
                told = True
            time.sleep(0.5)


def bring_up_to_date() -> bool:
    """True when something was applied."""
    if not schema.missing(schema.applied()):
        return False
    from django.core.management import call_command
    from django.db import connection

    from careline.cli.rooms import discover
    from careline.touchpoints import subscribers

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_TURN])
        try:
            waiting = schema.missing(schema.applied())
            if not waiting:
                return False
            say(f"Applying {len(waiting)} migrations …")
            call_command("migrate", verbosity=0, interactive=False)
            # Whoever listens has a place on the line before anything is written.
            discover()
            subscribers.enroll()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_TURN])
    return True
