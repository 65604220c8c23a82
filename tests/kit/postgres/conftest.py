"""Real clusters: one is made for the whole module and copied, so that each test has its own within milliseconds."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from careline.kit.postgres import Cluster

PROGRAM = """
import os, sys, time
from careline.kit.postgres import Cluster
cluster = Cluster(sys.argv[1], durable=sys.argv[2] == "durable")
"""
Run = Callable[..., "subprocess.Popen[str]"]


def pretend(folder: Path, version: str = "postgres (PostgreSQL) 18.6") -> Path:
    """Programs that only say which version they are."""
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f"#!/bin/sh\necho '{version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def ground() -> Iterator[Path]:
    """A folder that the server's account can reach also when the suite runs as root."""
    folder = Path(tempfile.mkdtemp(prefix="careline-kit-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def seed(ground: Path) -> Path:
    with Cluster(ground / "seed", durable=False):
        pass
    return ground / "seed"


@pytest.fixture
def folder(seed: Path, ground: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The data folder of a cluster that exists and does not run."""
    copy = Path(tempfile.mkdtemp(prefix="c-", dir=ground))
    subprocess.run(["cp", "-a", f"{seed}/.", copy], check=True)
    yield copy
    left_behind = Cluster(copy).attach()
    shutil.rmtree(copy, ignore_errors=True)
    assert left_behind is None, "the test left a server running"


@pytest.fixture
def run() -> Iterator[Run]:
    """Starts another process that has a `cluster` of the folder; it is gone with its group when the test is."""
    started: list[subprocess.Popen[str]] = []

    def run(folder: Path, code: str, *, durable: bool = False, **more: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM + code, str(folder), "durable" if durable else "loose"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **more,  # type: ignore[call-overload]
        )
        started.append(process)
        return process

    yield run
    for process in started:
        subprocess.run(["kill", "-9", "--", f"-{process.pid}"], capture_output=True, check=False)
        process.communicate()
