"""How every command begins: settings in one line or not at all, a database, and its migrations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from careline.cli import composition
from careline.kit.refusals import Refused


def refuse_without_database() -> None:
    if not os.environ.get("DATABASE_URL"):
        raise Refused("DATABASE_URL is not set: serve and work share one database; careline up brings its own.")


def refuse_without_installation() -> None:
    """Looking at an installation must not make one."""
    folder = composition.data_folder() / "postgres"
    if not os.environ.get("DATABASE_URL") and not (folder / "data" / "PG_VERSION").exists():
        raise Refused(f"There is no installation in {folder.parent}; CARELINE_DATA or DATABASE_URL names another.")


def joined() -> None:
    """One machine of several: the database is somewhere else."""
    refuse_without_database()
    composition.load()
    up_to_date()


@contextmanager
def installation(*, kept_alive: bool = False) -> Iterator[None]:
    """What the data folder holds, its database included unless DATABASE_URL names another; migrated."""
    with database(kept_alive=kept_alive):
        composition.load()
        up_to_date()
        yield


@contextmanager
def visit() -> Iterator[None]:
    """An installation that is there and up to date; a visitor changes no tables under a program at work."""
    refuse_without_installation()
    with database():
        composition.load()
        from careline.kit import schema

        if schema.missing(schema.applied()):
            raise Refused("This version has migrations to apply first: start it once with careline up.")
        yield


@contextmanager
def database(*, kept_alive: bool = False) -> Iterator[None]:
    """Brings the embedded database, or attaches to it where it already runs; it goes with its last user."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    from careline.cli.keeper import keeping
    from careline.kit.postgres import Cluster

    with Cluster(composition.data_folder() / "postgres") as cluster:
        os.environ["DATABASE_URL"] = cluster.dsn
        if not kept_alive:
            yield
            return
        with keeping(cluster):
            yield


@contextmanager
def on_the_bus() -> Iterator[None]:
    from django.conf import settings

    from careline.kit import bus

    bus.start(settings.DATABASE_URL, settings.REDIS_URL)
    try:
        yield
    finally:
        bus.stop()


def data_folder(chosen: str | None) -> Path:
    """Made when it is not there yet; everything below reads it from the environment."""
    if chosen:
        os.environ["CARELINE_DATA"] = chosen
    folder = composition.data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def up_to_date() -> None:
    from careline.cli.migrations import bring_up_to_date, wait_for_database

    wait_for_database()
    bring_up_to_date()
