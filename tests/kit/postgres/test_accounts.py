"""Root and ordinary users, folders that cannot be reached, disks that are full."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from careline.kit.postgres import Cluster, ClusterRefused, find_bindir, place
from tests.kit.postgres.conftest import Run, pretend

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
MAJOR = Cluster("anywhere").major
ONCE = """
import sys
from careline.kit.postgres import Cluster, ClusterRefused
try:
    with Cluster(sys.argv[1], durable=False) as cluster:
        print(cluster.attach() == cluster.dsn)
except ClusterRefused as refusal:
    print(refusal)
"""


class Ordinary(NamedTuple):
    account: pwd.struct_passwd
    python: str

    def run(self, code: str, *words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.python, "-c", code, *map(str, words)],
            user=self.account.pw_uid,
            group=self.account.pw_gid,
            extra_groups=[],
            cwd="/",
            env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
            | {name: value for name, value in os.environ.items() if name == "PG_BINDIR"},
            capture_output=True,
            text=True,
            check=False,
        )

    def starts(self, folder: Path) -> str:
        once = self.run(ONCE, folder)
        assert once.returncode == 0, once.stderr
        return once.stdout.strip()


@pytest.fixture(scope="session")
def ordinary() -> Ordinary:
    """An account without rights, and a Python of our version that it may run (root's own often lies in root's home)."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, shutil.which(version, path="/usr/local/bin:/usr/bin")):
        if python is None:
            continue
        candidate = Ordinary(pwd.getpwnam("daemon"), python)
        with contextlib.suppress(PermissionError):
            if candidate.run("import careline.kit.postgres").returncode == 0:
                return candidate
    pytest.skip("no Python here can be run by others")


def owner_of_server(folder: Path) -> int:
    pid = (folder / "data" / "postmaster.pid").read_text().split()[0]
    return Path(f"/proc/{pid}").stat().st_uid


@as_root
def test_root_lets_nobody_run_the_server(folder: Path) -> None:
    with Cluster(folder, durable=False):
        assert owner_of_server(folder) == pwd.getpwnam("nobody").pw_uid


@as_root
@pytest.mark.long
def test_an_ordinary_user_has_a_cluster_that_root_runs_as_that_user(ground: Path, ordinary: Ordinary) -> None:
    home = ground / "home"
    home.mkdir()
    os.chown(home, ordinary.account.pw_uid, ordinary.account.pw_gid)
    folder = home / "postgres"
    assert ordinary.starts(folder) == "True"
    with Cluster(folder, durable=False):
        assert owner_of_server(folder) == ordinary.account.pw_uid
    # Root left nothing behind that would lock the user out.
    assert ordinary.starts(folder) == "True"
    shutil.rmtree(home)


@as_root
@pytest.mark.long
def test_a_folder_of_somebody_else_is_refused_with_a_word(folder: Path, ordinary: Ordinary) -> None:
    told = ordinary.starts(folder)
    assert told.startswith(f"The data folder {folder} cannot be used")
    assert told.endswith("Permission denied.")


@pytest.fixture
def closed(ground: Path) -> Iterator[Path]:
    """A folder that only root may enter, as the home of root and what mktemp makes are."""
    folder = Path(tempfile.mkdtemp(dir=ground))
    assert folder.stat().st_mode & 0o777 == 0o700
    yield folder
    assert folder.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(folder)


@as_root
@pytest.mark.skipif(MAJOR < place.STAYS, reason="the PostgreSQL that is tested here does not stay in such a folder")
@pytest.mark.long
def test_a_cluster_lives_in_a_folder_that_only_root_may_enter(closed: Path, run: Run) -> None:
    folder = closed / "house" / "postgres"
    process = run(folder, "print(cluster.start(), flush=True); time.sleep(60)")
    assert process.stdout
    dsn = process.stdout.readline().strip()
    assert owner_of_server(folder) == pwd.getpwnam("nobody").pw_uid
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        connection.execute("CHECKPOINT")
        assert Cluster(folder).attach() == dsn
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    with Cluster(folder, durable=False) as cluster, psycopg.connect(cluster.dsn) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        copy = closed / "copy"
        subprocess.run(["cp", "-a", folder, copy], check=True)
        assert Cluster(copy).attach() is None
    assert cluster.attach() is None


@as_root
@pytest.mark.skipif(MAJOR >= place.STAYS, reason="the PostgreSQL that is tested here stays in such a folder")
def test_an_old_postgresql_is_not_asked_into_a_folder_that_only_root_may_enter(closed: Path) -> None:
    with pytest.raises(ClusterRefused, match=f"may not enter {closed}, where the data folder lies"):
        Cluster(closed / "house" / "postgres").start()


@as_root
@pytest.mark.long
def test_programs_that_only_root_may_reach_are_copied_once_to_where_the_server_finds_them(
    closed: Path, ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "SHARED", ground / "shared")
    folder = ground / "of-the-wheel"
    wheel = find_bindir({}).parent.parent
    for part in (wheel, wheel.with_suffix(".libs")):
        shutil.copytree(part, closed / part.name, ignore=shutil.ignore_patterns("include", "*.a"))
    for _round in range(2):
        with Cluster(folder, durable=False, bindir=closed / wheel.name / "pginstall" / "bin") as cluster:
            assert cluster.attach() == cluster.dsn
    [copy] = (ground / "shared").iterdir()
    assert not [path for path in copy.rglob("*") if path.stat().st_mode & 0o022 or path.stat().st_uid != 0]
    # Its own libraries came along: a new cluster can be made with the copy too.
    with Cluster(closed / "new", durable=False, bindir=closed / wheel.name / "pginstall" / "bin"):
        pass


@as_root
def test_root_is_told_which_folder_keeps_the_server_from_other_programs(closed: Path, folder: Path) -> None:
    with pytest.raises(ClusterRefused) as refusal:
        Cluster(folder, bindir=pretend(closed / "bin", f"postgres (PostgreSQL) {Cluster(folder).version}")).start()
    assert f"the user nobody it runs as may not enter {closed}, where PostgreSQL lies" in str(refusal.value)
    assert str(refusal.value).endswith(f"chmod o+x {closed}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused_with_a_word(ground: Path) -> None:
    locked = ground / "locked"
    locked.mkdir(mode=0o500)
    with pytest.raises(ClusterRefused, match=r"cannot be used: .* – Permission denied"):
        Cluster(locked / "postgres").start()


@pytest.fixture
def small_disk(ground: Path) -> Iterator[Path]:
    disk = ground / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=711", "tmpfs", disk]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", disk], check=True)


@as_root
def test_a_full_disk_is_told_and_corrupts_nothing(small_disk: Path) -> None:
    folder = small_disk / "postgres"
    told = f"The disk that holds {folder} is full"
    with pytest.raises(ClusterRefused, match=told):
        Cluster(folder, durable=False).start()
    assert not (folder / "data").exists()
    subprocess.run(["mount", "-o", "remount,size=120m", small_disk], check=True)
    cluster = Cluster(folder, durable=False)
    with cluster:
        pass
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space left"):
        filler.write_bytes(b"x" * 120 * 1024 * 1024)
    with pytest.raises(ClusterRefused, match=told):
        cluster.start()
    filler.unlink()
    with cluster:
        assert cluster.attach() == cluster.dsn
