"""A house to measure in: a database of its own beside the installation's, filled, with one server process."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec
import psycopg
from psycopg import sql

from careline.bench import dataset, usage

APPLICATION = "careline.config.bench:application"


class House(msgspec.Struct):
    dsn: str
    scale: int
    token: str = ""
    session: str = ""
    inboxes: list[int] = []
    agent: int = 0
    first: int = 0  # the conversation with fifty messages
    port: int = 0
    server: int = 0
    postmaster: int = 0

    def cpu(self) -> tuple[dict[int, float], dict[int, float]]:
        return usage.tree_cpu_ms(self.server), usage.tree_cpu_ms(self.postmaster)


def database_of_its_own(url: str) -> str:
    name = f"careline_bench_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def drop(url: str, dsn: str) -> None:
    name = urlsplit(dsn).path.lstrip("/")
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def ready() -> None:
    """Django, with the settings of the surroundings."""
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careline.config.settings")
    if not settings.configured:
        django.setup()


def moved_to(dsn: str) -> None:
    """Django's own connection and the environment of processes to come point at this database."""
    os.environ["DATABASE_URL"] = dsn
    ready()
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    name = dsn.rsplit("/", 1)[1].split("?")[0]
    settings.DATABASE_URL = dsn
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


def prepare(scale: int, told: Callable[[str], None]) -> House:
    """Migrate, found the company, fill; the environment names this database already."""
    from django.core.management import call_command
    from django.db import connections

    from careline.accounts import actions, queries, sessions
    from careline.channels import access
    from careline.channels import actions as channels

    dsn = os.environ["DATABASE_URL"]
    call_command("migrate", verbosity=0)
    owner = actions.set_up(
        organization_name="Bench", name="Owner", email="owner@example.com", password=secrets.token_urlsafe(12)
    )
    key = sessions.open_session(owner)
    actor = access.actor_of_session(key)
    assert actor is not None
    inboxes = [channels.create_inbox(actor=actor, kind="api", name=f"Inbox {n + 1}").pk for n in range(dataset.INBOXES)]
    token = actions.create_token(owner.pk, actor=actor, name="bench")[1]
    assert queries.is_set_up()
    connections.close_all()
    house = House(dsn=dsn, scale=scale, token=token, session=key, inboxes=inboxes, agent=owner.pk)
    with psycopg.connect(dsn) as conn:
        conn.execute("CREATE TABLE bench_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)")
        house.first = dataset.fill(conn, scale=scale, inboxes=inboxes, agent=owner.pk, told=told)
        # The tally as the background leaves it.
        conn.execute(
            """WITH gone AS (DELETE FROM conversations_tally RETURNING *) INSERT INTO conversations_tally
              (inbox_id, state, assignee_id, n)
              SELECT inbox_id, state, assignee_id, sum(n) FROM gone GROUP BY 1, 2, 3"""
        )
        pid = conn.execute("SELECT pg_backend_pid()").fetchone()
        assert pid is not None
        house.postmaster = usage.parent(int(pid[0]))
    listening()
    connections.close_all()
    return house


def listening() -> None:
    """Every room's reactions, standing at the end of the line: what is measured is what comes after."""
    import importlib
    from pathlib import Path

    import careline
    from careline.touchpoints import subscribers

    root = Path(careline.__file__).parent
    for found in sorted(root.rglob("reactions.py")):
        importlib.import_module(".".join(["careline", *found.relative_to(root).with_suffix("").parts]))
    subscribers.enroll()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextlib.contextmanager
def serving(house: House, **environment: str) -> Iterator[House]:
    """The web process alone: what the workers cost is measured by itself."""
    house.port = free_port()
    command = [
        sys.executable, "-m", "uvicorn", APPLICATION, "--port", str(house.port), "--no-access-log",
        "--log-level", "warning",
    ]  # fmt: skip
    env = {**os.environ, "DATABASE_URL": house.dsn, "CARELINE_ALONE": "1", **environment}
    server = subprocess.Popen(command, env=env)
    try:
        _wait(f"http://127.0.0.1:{house.port}/livez", server)
        house.server = server.pid
        yield house
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(address: str, server: subprocess.Popen[bytes], patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError("The server ended before it answered.")
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not answer within a minute.")


def measured(house: House, drive: Callable[[], Any]) -> tuple[float, Any]:
    """CPU ms of server and database processes while `drive` runs, with what it found."""
    server, database = house.cpu()
    figures = drive()
    server_after, database_after = house.cpu()
    return usage.spent(server, server_after) + usage.spent(database, database_after), figures
