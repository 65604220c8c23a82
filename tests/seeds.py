"""What is slow to make and the same for every test: made by whoever asks first in a run, copied by everybody."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from tests.leftovers import template_name

RUN = "CARELINE_TEST_RUN"
MIGRATED = """
from careline.cli import begin
with begin.installation():
    pass
"""


def run_folder() -> Path:
    return Path(os.environ[RUN])


def once(name: str, make: Callable[[Path], None]) -> Path:
    """The place in the folder of this run; its other workers wait while one of them makes it."""
    place = run_folder() / name
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.with_suffix(".made").exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(mode=0o711)
            place.chmod(0o711)  # the account of the database has to pass through
            make(place)
            place.with_suffix(".made").touch()
    return place


def template(server_url: str) -> str:
    """The name of a database with every table in it; nobody has signed up, and nobody is connected to it."""
    from tests.house import environment, with_database

    name = template_name(os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid())

    def make(place: Path) -> None:
        with psycopg.connect(server_url, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
            )
        subprocess.run(
            [sys.executable, "-c", MIGRATED], env=environment(place, with_database(server_url, name)), check=True,
            stdout=subprocess.DEVNULL, timeout=300,
        )  # fmt: skip
        with psycopg.connect(with_database(server_url, name), autocommit=True) as migrated:
            # Tests run at any hour; those of quiet hours set their own.
            migrated.execute("UPDATE contact_scope SET quiet_from = NULL, quiet_to = NULL")

    once("template", make)
    return name


def copied(data: Path, to: Path) -> None:
    """A data folder whose database does not run."""
    to.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", "--reflink=auto", f"{data}/.", to], check=True)
    # Copies share their password. With the port shared too, a house whose database is away would find another's.
    (to / "postgres" / "port").unlink(missing_ok=True)
