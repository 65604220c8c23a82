"""Root and ordinary users, folders that cannot be reached, disks that are full."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from careline.kit.postgres import Cluster, ClusterRefused

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
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
            env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
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
def test_a_folder_of_somebody_else_is_refused_with_a_word(folder: Path, ordinary: Ordinary) -> None:
    told = ordinary.starts(folder)
    assert told.startswith(f"The data folder {folder} cannot be used")
    assert told.endswith("Permission denied.")


@as_root
def test_root_is_told_which_folder_keeps_the_server_out(ground: Path) -> None:
    closed = ground / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(ClusterRefused) as refusal:
        Cluster(closed / "house" / "postgres", durable=False).start()
    assert f"nobody it runs as may not enter {closed}, where the data folder lies" in str(refusal.value)
    closed.chmod(0o711)
    with Cluster(closed / "house" / "postgres", durable=False):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused_with_a_word(ground: Path) -> None:
    closed = ground / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(ClusterRefused, match=r"cannot be used: .* – Permission denied"):
        Cluster(closed / "postgres").start()


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
