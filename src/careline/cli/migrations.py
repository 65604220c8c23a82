"""Migrations at the start: one question when there is nothing to do, one process at a time when there is."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from typing_extensions import override

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
    from careline.cli.rooms import discover
    from careline.touchpoints import subscribers

    with turn():
        waiting = schema.missing(schema.applied())
        if not waiting:
            return False
        say(f"Applying {len(waiting)} migrations …")
        apply()
        # Whoever listens has a place on the line before anything is written.
        discover()
        subscribers.enroll()
    return True


@contextmanager
def turn() -> Iterator[None]:
    """One process at a time changes the tables."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_TURN])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_TURN])


def apply(state: Iterable[schema.Name] | None = None) -> None:
    """Everything this version has, or what `state` names and no more."""
    from django.core.management.sql import emit_post_migrate_signal
    from django.db import connection, transaction
    from django.db.migrations import Migration
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.state import ProjectState

    class Executor(MigrationExecutor):
        """Django notes a migration down after its commit: a process that ends in between can never start again."""

        @override
        def apply_migration(
            self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
        ) -> ProjectState:
            if not migration.atomic:
                return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
            with transaction.atomic():
                return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)

    executor = Executor(connection)
    graph = executor.loader.graph
    wanted = None if state is None else set(state)
    leaves = (
        graph.leaf_nodes()
        if wanted is None
        else sorted(node for node in wanted if not any(child.key in wanted for child in graph.node_map[node].children))
    )
    executor.migrate(leaves)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
