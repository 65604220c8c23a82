"""One folder, one server, any number of users."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

import psycopg
import pytest

from careline.kit.postgres import Cluster, ClusterRefused
from tests.kit.postgres.conftest import Run

WAITS = "print(cluster.start(), flush=True); sys.stdin.readline(); cluster.stop(); print('left', flush=True)"


def lives(dsn: str) -> bool:
    try:
        psycopg.connect(dsn, connect_timeout=30).close()
    except psycopg.OperationalError:
        return False
    return True


def leave(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.stdout.readline() == "left\n"


def test_a_new_folder_becomes_a_cluster_with_the_database_careline(ground: Path) -> None:
    with Cluster(ground / "new" / "postgres") as cluster, psycopg.connect(cluster.dsn) as connection:
        settings = connection.execute(
            """SELECT current_database(), current_user, current_setting('listen_addresses'),
                      current_setting('unix_socket_directories'), current_setting('fsync'),
                      current_setting('server_encoding'), lower('ÉÇ'), 'a' > 'B'"""
        ).fetchone()
    assert settings == ("careline", "careline", "127.0.0.1", "", "on", "UTF8", "éç", True)
    assert not lives(cluster.dsn)


def test_the_password_is_secret_and_needed(folder: Path) -> None:
    with Cluster(folder, durable=False) as cluster:
        assert (folder / "password").stat().st_mode & 0o777 == 0o600
        port = (folder / "port").read_text()
        for wrong in ("", "careline"):
            assert not lives(f"postgresql://careline:{wrong}@127.0.0.1:{port}/careline")
        assert lives(cluster.dsn)


def test_a_second_process_attaches_and_the_last_one_that_leaves_stops_the_server(folder: Path, run: Run) -> None:
    first = run(folder, WAITS)
    assert first.stdout
    dsn = first.stdout.readline().strip()
    second = Cluster(folder, durable=False)
    assert second.start() == dsn
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        leave(first)
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert lives(dsn)
    second.stop()
    assert not lives(dsn)


@pytest.mark.long
def test_two_that_start_at_once_share_one_server(folder: Path, run: Run) -> None:
    processes = [run(folder, WAITS) for _ in range(4)]
    addresses = {process.stdout.readline() for process in processes if process.stdout}
    assert len(addresses) == 1
    for process in processes:
        leave(process)
    assert not lives(addresses.pop().strip())


@pytest.mark.long
def test_who_only_attaches_neither_starts_nor_holds_nor_stops_the_server(folder: Path) -> None:
    guest, user = Cluster(folder), Cluster(folder, durable=False)
    assert guest.attach() is None
    dsn = user.start()
    assert guest.attach() == dsn
    guest.stop()
    assert lives(dsn)
    user.stop()
    assert guest.attach() is None


@pytest.mark.long
def test_the_server_is_a_child_in_our_process_group(folder: Path, run: Run) -> None:
    process = run(folder, WAITS)
    assert process.stdout
    process.stdout.readline()
    pid = (folder / "data" / "postmaster.pid").read_text().split()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    assert fields[1:3] == [str(process.pid), str(process.pid)]
    leave(process)


@pytest.mark.long
def test_the_port_is_kept_and_given_up_when_somebody_else_has_it(folder: Path) -> None:
    cluster = Cluster(folder, durable=False)
    first = cluster.start()
    cluster.stop()
    assert cluster.start() == first
    cluster.stop()
    with socket.create_server(("127.0.0.1", int((folder / "port").read_text()))):
        second = cluster.start()
        assert second != first
        assert lives(second)
    cluster.stop()


def test_a_port_that_was_asked_for_and_is_occupied_is_refused_in_one_line(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ClusterRefused, match=rf"^Port {port} on 127\.0\.0\.1 is occupied by another program\.$"):
            Cluster(folder, port=port).start()


@pytest.mark.long
def test_a_copied_folder_gets_a_server_of_its_own(folder: Path, ground: Path) -> None:
    with Cluster(folder, durable=False) as original:
        copy = ground / f"{folder.name}-copy"
        subprocess.run(["cp", "-a", folder, copy], check=True)
        (copy / "data" / "postmaster.pid").unlink()
        with Cluster(copy, durable=False) as other:
            assert other.dsn != original.dsn
            assert Cluster(folder).attach() == original.dsn
        assert lives(original.dsn)


def test_a_folder_of_another_major_is_refused_in_one_line(folder: Path) -> None:
    cluster = Cluster(folder)
    (folder / "data" / "PG_VERSION").write_text(f"{cluster.major - 1}\n")
    with pytest.raises(ClusterRefused) as refusal:
        cluster.start()
    told = str(refusal.value)
    assert f"PostgreSQL {cluster.major - 1}," in told
    assert f"PostgreSQL {cluster.major}:" in told
    assert "careline backup" in told
    assert "careline restore" in told
    assert "\n" not in told


@pytest.mark.long
def test_a_cluster_that_was_half_made_is_made_again(ground: Path) -> None:
    folder = ground / "half"
    (folder / "data.new" / "base").mkdir(parents=True)
    (folder / "password").write_text("kept from before")
    with Cluster(folder, durable=False) as cluster:
        assert "kept from before" in cluster.dsn.replace("%20", " ")
        assert not (folder / "data.new").exists()


def test_a_lost_password_is_named(folder: Path) -> None:
    (folder / "password").unlink()
    with pytest.raises(ClusterRefused, match=r"put back .*/password"):
        Cluster(folder).start()


def test_a_file_in_place_of_the_folder_is_refused(ground: Path) -> None:
    (ground / "file").write_text("")
    with pytest.raises(ClusterRefused, match="is not a folder"):
        Cluster(ground / "file").start()


def test_somebodys_words_never_reach_the_log(folder: Path) -> None:
    with Cluster(folder, durable=False) as cluster, psycopg.connect(cluster.dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE person (email text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('ada@example.com')")
        for broken in ("INSERT INTO person VALUES ('ada@example.com')", "SELECT 'ada@example.com'::text / 2"):
            with pytest.raises(psycopg.Error):
                connection.execute(broken)
    log = (folder / "log").read_text()
    assert "ERROR" in log
    assert "ada@" not in log


def test_programs_beside_the_server_work(folder: Path) -> None:
    with Cluster(folder, durable=False) as cluster:
        for name in ("psql", "pg_restore"):
            assert cluster.tool(name).exists()
        dump = subprocess.run([cluster.tool("pg_dump"), cluster.dsn], capture_output=True, text=True, check=True)
        assert "PostgreSQL database dump complete" in dump.stdout
        with pytest.raises(ClusterRefused, match="program pg_dream is not in"):
            cluster.tool("pg_dream")


@pytest.mark.skipif(not Path("/usr/lib/postgresql/15/bin/postgres").exists(), reason="PostgreSQL 15 is not installed")
def test_an_installed_postgresql_15_serves_as_well(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BINDIR", "/usr/lib/postgresql/15/bin")
    with Cluster(ground / "fifteen", durable=False) as cluster, psycopg.connect(cluster.dsn) as connection:
        assert cluster.major == 15
        assert connection.info.server_version // 10000 == 15
        row = connection.execute("SELECT lower('ÉÇ'), 'a' > 'B', current_setting('server_encoding')").fetchone()
    assert row == ("éç", True, "UTF8")
    shutil.rmtree(ground / "fifteen")


@pytest.mark.long
def test_removing_the_folder_under_a_running_cluster_still_lets_it_stop(folder: Path) -> None:
    cluster = Cluster(folder, durable=False)
    dsn = cluster.start()
    shutil.rmtree(folder)
    cluster.stop()
    assert not lives(dsn)
    os.makedirs(folder)
