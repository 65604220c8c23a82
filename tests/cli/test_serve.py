"""`careline serve` and `careline work` on a database they share, which is restarted under them."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from careline.kit.postgres import Cluster
from tests.cli.places import Place, new_folder
from tests.cli.test_up import eventually, is_ready
from tests.house import PROGRAM


class Machines(Place):
    """A web machine and a worker, neither of which owns the database."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, DATABASE_URL=url)
        self.work_log = folder / "work.log"
        self.worker: subprocess.Popen[bytes] | None = None

    def start(self, command: str, log: Path, *options: str) -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(
                [PROGRAM, command, *options], env=self.env, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip

    def begin(self) -> None:
        # At the same moment: one of them applies the migrations, the other waits for it.
        self.worker = self.start("work", self.work_log)
        self.process = self.start("serve", self.log, "--port", str(self.port))

    def end(self) -> list[int]:
        running = [process for process in (self.process, self.worker) if process is not None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        return [process.wait(60) for process in running]


@pytest.fixture
def cluster(ground: Path) -> Iterator[Cluster]:
    with Cluster(new_folder(ground) / "shared", durable=False) as cluster:
        yield cluster


def jobs_done(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')").fetchone()
        assert row is not None
        return int(row[0])


def put_job(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            " VALUES ('default', 'careline.accounts.jobs.purge_attempts', '{\"timestamp\": 0}', 'todo')"
        )


def put_touchpoint(url: str) -> None:
    """As far as subscribers are concerned; the person is nobody."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO touchpoints_touchpoint (id, kind, person_id, actor_kind, source, occurred_at, facts)"
            " VALUES (gen_random_uuid(), 'conversation.opened', 1, 'system', 'test:1', now(), '{}')"
        )


def behind(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM touchpoints_cursor c JOIN touchpoints_touchpoint t ON (t.xid, t.id) > (c.xid, c.id)"
        ).fetchone()
        assert row is not None
        return int(row[0])


@pytest.mark.long
def test_everything_recovers_when_the_database_is_restarted(cluster: Cluster, ground: Path):
    url = cluster.start()
    machines = Machines(new_folder(ground), url)
    machines.begin()
    try:
        assert eventually(lambda: is_ready(machines.url)), machines.said() + machines.work_log.read_text()
        assert eventually(lambda: "Careline works." in machines.work_log.read_text())
        cluster.stop()
        assert eventually(lambda: not is_ready(machines.url))
        time.sleep(3)  # an outage in which everybody tries again more than once
        assert cluster.start() == url
        put_job(url)
        put_touchpoint(url)
        assert eventually(lambda: is_ready(machines.url)), machines.said()
        assert eventually(lambda: jobs_done(url) == 0), machines.work_log.read_text()
        assert eventually(lambda: behind(url) == 0), machines.work_log.read_text()
    finally:
        codes = machines.end()
    assert codes == [0, 0], machines.said() + machines.work_log.read_text()
    for said in (machines.said(), machines.work_log.read_text()):
        assert "Traceback" not in said
        assert '"level":"error"' not in said
    # A few lines for an outage, however long it is.
    assert machines.work_log.read_text().count("\n") < 12, machines.work_log.read_text()
    assert machines.said().count("\n") < 12, machines.said()
    assert 'Not ready: The database cannot be reached."' in machines.said()
    assert "Ready again." in machines.said()
