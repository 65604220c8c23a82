"""What killed runs left behind on this machine: databases on a shared server, servers and folders of their own."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import signal
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

# One name for each machine and run, so that runs beside each other on one server never meet.
MACHINE = hashlib.sha256(platform.node().encode()).hexdigest()[:8]
FOLDER = "careline-tests-"


def new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-"))
    folder.chmod(0o711)  # a PostgreSQL that is not allowed to be root must reach its own folder
    return folder


def lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True  # somebody else's, or not named by us
    return True


def drop_databases(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"test_{MACHINE}_%"])
        for (name,) in names.fetchall():
            if not lives(name.split("_")[2]):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def template_name(controller: int) -> str:
    return f"test_{MACHINE}_{controller}_template"


def drop_template(url: str, controller: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        name = sql.Identifier(template_name(controller))
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def stop_servers() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        if lives(folder.name.removeprefix(FOLDER).split("-")[0]):
            continue
        for lock in folder.glob("**/postmaster.pid"):
            pid = lock.read_text().split("\n", 1)[0]
            command = Path(f"/proc/{pid}/cmdline")
            # The number may belong to another process by now.
            if command.exists() and str(folder) in command.read_text():
                os.kill(int(pid), signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)
