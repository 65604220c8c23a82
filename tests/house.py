"""A running Careline as a stranger would start it: the program, a fresh database, one port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql

from careline.kit.postgres.server import free_port
from tests.conftest import with_database
from tests.leftovers import MACHINE

PROGRAM = Path(sys.executable).with_name("careline")
PATIENCE = 120.0
# Reading the certificates of the world for each request costs more than the request.
PLAIN = httpx.Client(verify=False, trust_env=False, timeout=60, limits=httpx.Limits(max_keepalive_connections=0))


class House:
    """`careline up` as its own process group, so that a test may also kill all of it at once."""

    def __init__(self, folder: Path, database_url: str | None, **extra: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.log = folder / "up.log"
        self.database_url = database_url
        self.env = environment(folder, database_url) | {"CARELINE_BASE_URL": self.url} | extra
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *words: str) -> list[str | Path]:
        return [PROGRAM, *words]

    def up(self, *options: str) -> House:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command("up", "--port", str(self.port), *options),
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.wait_until_ready()
        return self

    def wait_until_ready(self, patience: float = PATIENCE) -> None:
        assert self.process is not None
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"`careline up` ended with {self.process.returncode}:\n{self.tail()}")
            try:
                if PLAIN.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"`careline up` was not ready within {patience:.0f} s:\n{self.tail()}")

    def run(self, *words: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Another `careline` command on the same installation."""
        return subprocess.run(
            [PROGRAM, *words], env=self.env, capture_output=True, text=True, timeout=timeout, check=False
        )

    def stop(self) -> None:
        """Ctrl-C, as a person stops it."""
        if self.process is None or self.process.poll() is not None:
            return
        os.kill(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"Ctrl-C did not stop `careline up` within a minute:\n{self.tail()}") from None

    def kill(self) -> None:
        """kill -9 of the whole group: nothing gets a last word."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(60)

    def tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-40:])

    def complaints(self) -> str:
        """The last of what is more than news."""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join([line for line in lines if '"level":"info"' not in line][-10:])


def environment(folder: Path, database_url: str | None) -> dict[str, str]:
    """What the program sees: this run's values and nothing left over from the suite."""
    dropped = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    kept |= {"CARELINE_DATA": str(folder / "data"), "EMAIL_URL": f"file://{folder / 'mail'}"}
    return kept | ({"DATABASE_URL": database_url} if database_url else {})


def own_database(server_url: str, name: str, template: str = "template0") -> Iterator[str]:
    """A fresh database beside the suite's, dropped at the end whoever is still connected."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(drop)
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    yield with_database(server_url, name)
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(drop)


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """Of this machine, this run and this worker: what is named after it meets nothing else on the server."""
    controller = os.getppid() if hasattr(request.config, "workerinput") else os.getpid()
    return f"test_{MACHINE}_{controller}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}"


@pytest.fixture(scope="session")
def house(
    tmp_path_factory: pytest.TempPathFactory, server_url: str, worker_name: str, template: str
) -> Iterator[House]:
    """One running, empty installation a worker: tests share it and bring people of their own."""
    for database_url in own_database(server_url, f"{worker_name}_house", template):
        house = House(tmp_path_factory.mktemp("house"), database_url)
        try:
            yield house.up()
        finally:
            house.stop()
