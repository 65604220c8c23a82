"""What was acknowledged is there, whatever was killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from careline.kit.postgres import Cluster, ClusterRefused
from careline.kit.postgres.cluster import LINGERING
from tests.kit.postgres.conftest import Run

INSERTS = """
import psycopg
with psycopg.connect(cluster.start(), autocommit=True) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS kept (n bigserial PRIMARY KEY)")
    while True:
        print(connection.execute("INSERT INTO kept DEFAULT VALUES RETURNING n").fetchone()[0], flush=True)
"""
# Until whoever began it ends it.
HOLDS = "print(cluster.start(), flush=True); sys.stdin.read()"


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def kill_and_wait(child: int) -> None:
    """It has ended, and is still there for whoever began it to hear of."""
    os.kill(child, signal.SIGKILL)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)


def wait_until(happened: Callable[[], bool], otherwise: str) -> None:
    for _ in range(1_000):
        if happened():
            return
        time.sleep(0.02)
    pytest.fail(otherwise)


def wait_until_zombie(pid: int) -> None:
    def is_one() -> bool:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"

    wait_until(is_one, "the killed server did not become a zombie")


def wait_until_refused(dsn: str) -> None:
    def is_refused() -> bool:
        try:
            psycopg.connect(dsn).close()
        except psycopg.OperationalError:
            return True
        return False

    wait_until(is_refused, "the server went on letting people in")


def told_to_wait(folder: Path) -> int:
    """How often the server said that it is shutting down to whoever came."""
    return (folder / "log").read_text(errors="replace").count("the database system is shutting down")


@pytest.mark.long
def test_no_acknowledged_row_is_lost_when_the_whole_group_is_killed_three_times(folder: Path, run: Run) -> None:
    acknowledged: set[int] = set()
    for _round in range(3):
        process = run(folder, INSERTS, durable=True)
        assert process.stdout
        # Amid its writing: what it wrote since is read below.
        seen = [int(process.stdout.readline()) for _ in range(40)]
        os.killpg(process.pid, signal.SIGKILL)
        # The last line may have been cut by the kill: that row was not acknowledged.
        rest = process.stdout.read().split("\n")[:-1]
        acknowledged |= {*seen, *map(int, rest)}
    with Cluster(folder) as cluster, psycopg.connect(cluster.dsn) as connection:
        kept = {row[0] for row in connection.execute("SELECT n FROM kept")}
    assert len(acknowledged) >= 120
    assert acknowledged <= kept


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to look at zombies")
def test_a_dead_server_that_nobody_buried_fools_nobody(folder: Path, run: Run) -> None:
    process = run(folder, HOLDS)
    assert process.stdout
    dsn = process.stdout.readline().strip()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        connection.execute("CHECKPOINT")
    dead = postmaster(folder)
    os.kill(dead, signal.SIGKILL)
    wait_until_zombie(dead)
    assert Cluster(folder).attach() is None
    with Cluster(folder, durable=False) as cluster, psycopg.connect(cluster.dsn) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        assert postmaster(folder) != dead
        # The zombie is still there, so it was not its burial that let us in.
        wait_until_zombie(dead)
        process.kill()  # it is still a user, and would keep the server running
        process.wait()


def test_a_number_that_now_belongs_to_another_program_is_not_taken_for_the_server(folder: Path) -> None:
    data = folder / "data"
    owner = data.stat()
    as_owner = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
    other = subprocess.Popen(["sleep", "60"], **as_owner)  # type: ignore[call-overload]
    try:
        lock = data / "postmaster.pid"
        lock.write_text(f"{other.pid}\n{data}\n{int(time.time())}\n1\n\n\n  1 1\n")
        os.chown(lock, owner.st_uid, owner.st_gid)
        began = time.monotonic()
        with Cluster(folder, durable=False):
            assert time.monotonic() - began < LINGERING
    finally:
        other.kill()
        other.wait()


@pytest.mark.long
def test_a_server_whose_starter_was_killed_is_attached_to_and_stopped_by_the_last_user(folder: Path, run: Run) -> None:
    process = run(folder, HOLDS)
    assert process.stdout
    dsn = process.stdout.readline().strip()
    alive = postmaster(folder)
    process.kill()
    process.wait()
    heir = Cluster(folder, durable=False)
    assert heir.start() == dsn
    assert postmaster(folder) == alive
    heir.stop()
    assert heir.attach() is None
    assert not (folder / "data" / "postmaster.pid").exists()


def test_a_server_that_died_under_its_user_is_revived_at_the_same_address(folder: Path) -> None:
    with Cluster(folder, durable=False) as cluster:
        dsn = cluster.dsn
        kill_and_wait(postmaster(folder))
        assert cluster.start() == dsn
        psycopg.connect(dsn).close()


@pytest.mark.long
def test_a_revived_server_insists_on_its_address_and_gets_it_when_it_is_free_again(folder: Path) -> None:
    with Cluster(folder, durable=False) as cluster:
        dsn = cluster.dsn
        kill_and_wait(postmaster(folder))
        port = int((folder / "port").read_text())
        with (
            socket.create_server(("127.0.0.1", port)),
            pytest.raises(ClusterRefused, match=f"Port {port} .* is occupied"),
        ):
            cluster.start()
        assert cluster.start() == dsn
        psycopg.connect(dsn).close()


@pytest.mark.long
def test_a_server_that_is_shutting_down_is_waited_for_and_started_again(folder: Path, run: Run) -> None:
    process = run(folder, HOLDS)
    assert process.stdout
    dsn = process.stdout.readline().strip()
    # A smart shutdown waits for this session, and lets nobody in meanwhile.
    with psycopg.connect(dsn) as session:
        os.kill(postmaster(folder), signal.SIGTERM)
        wait_until_refused(dsn)
        before = told_to_wait(folder)
        other = run(folder, "print(cluster.start(), flush=True); cluster.stop()")
        wait_until(lambda: told_to_wait(folder) > before, "the other never asked to be let in")
        assert other.poll() is None
        session.execute("SELECT 1")
    assert other.stdout
    assert other.stdout.readline().strip() == dsn
    assert other.wait(timeout=60) == 0
