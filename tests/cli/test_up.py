"""`careline up` with the database it brings: it comes, it goes, it is killed, and it comes again."""

from __future__ import annotations

import os
import pty
import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from careline.cli import keeper
from careline.kit.postgres.server import free_port
from tests.cli.places import Place
from tests.house import PROGRAM

# What a program that fell over would have said.
FALLEN = ("Traceback", "Exception", '"level":"error"', "coroutine")


def clean(place: Place) -> bool:
    return not any(word in place.said() for word in FALLEN)


def write(place: Place) -> None:
    with place.database() as connection:
        connection.execute("INSERT INTO accounts_signinattempt (key, at) VALUES ('kept', now())")


def kept(place: Place) -> int:
    with place.database() as connection:
        row = connection.execute("SELECT count(*) FROM accounts_signinattempt WHERE key = 'kept'").fetchone()
        assert row is not None
        return int(row[0])


def eventually(fact: Callable[[], bool], patience: float = 120) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if fact():
            return True
        time.sleep(0.1)
    return False


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def test_it_opens_a_page_survives_kill_9_and_ends_cleanly_on_ctrl_c(place: Place):
    place.up()
    write(place)
    place.kill()
    place.up()
    assert kept(place) == 1
    assert httpx.get(f"{place.url}/", follow_redirects=True, timeout=30).status_code == 200
    assert place.server_lives()
    assert place.process is not None
    place.stop()
    assert place.process.returncode == 0
    assert "Stopped." in place.said()
    assert f"Careline runs at {place.url}" in place.said()
    assert "make yourself the owner" in place.said()
    assert clean(place), place.said()
    assert not place.server_lives()


@pytest.mark.long
def test_a_service_manager_ends_it_as_cleanly(place: Place):
    place.up()
    assert place.process is not None
    place.process.send_signal(signal.SIGTERM)
    assert place.process.wait(60) == 0
    assert clean(place), place.said()
    assert not place.server_lives()


@pytest.mark.long
def test_ctrl_c_at_a_terminal_ends_the_database_last(place: Place):
    """A terminal tells the whole group at once."""
    pid, screen = pty.fork()
    if pid == 0:
        os.execve(PROGRAM, ["careline", "up", "--port", str(place.port)], place.env)
    assert eventually(lambda: is_ready(place.url))
    os.write(screen, b"\x03")
    told = b""
    while True:
        try:
            told += os.read(screen, 4096)
        except OSError:  # the other end is closed
            break
    _pid, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    words = told.decode()
    assert words.strip().endswith("Stopped.")
    assert [word for word in ("Traceback", "warning", "error", "lost", "waits") if word in words] == []
    assert not place.server_lives()


@pytest.mark.long
def test_two_on_one_folder_share_the_database(place: Place):
    place.up()
    second = Place(place.folder)
    second.port, second.log = free_port(), place.folder / "second.log"
    second.url = f"http://127.0.0.1:{second.port}"
    second.env = place.env | {"CARELINE_BASE_URL": second.url}
    second.up()
    try:
        place.stop()
        assert place.process is not None
        assert place.process.returncode == 0
        assert is_ready(second.url)
        assert second.server_lives()
    finally:
        second.stop()
    assert clean(place), place.said()
    assert clean(second), second.said()
    assert not place.server_lives()


@pytest.mark.long
def test_a_database_that_dies_is_started_again(place: Place):
    place.up()
    write(place)
    lock = place.data / "postgres" / "data" / "postmaster.pid"
    pid = int(lock.read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: "The database has ended; it is started again." in place.said())
    assert eventually(lambda: is_ready(place.url))
    assert kept(place) == 1
    place.stop()
    assert place.process is not None
    assert place.process.returncode == 0
    assert not place.server_lives()


def test_whether_a_server_lives(tmp_path: Path):
    assert not keeper.lives(tmp_path)
    lock = tmp_path / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n/somewhere\n")
    assert keeper.lives(tmp_path)
    child = os.fork()
    if child == 0:
        os._exit(0)
    lock.write_text(f"{child}\n")
    assert eventually(lambda: not keeper.lives(tmp_path))  # dead and not yet buried
    os.waitpid(child, 0)
    assert not keeper.lives(tmp_path)
    lock.write_text("")
    assert not keeper.lives(tmp_path)


def test_the_folder_may_be_named_as_an_option(new_place: Callable[[], Place]):
    place = new_place()
    del place.env["CARELINE_DATA"]
    place.env["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    told = place.run("up", "--data", str(place.folder / "elsewhere"), "--port", "70000")
    assert told.returncode == 1
    assert told.stderr == "The port must be a number from 1 to 65535.\n"
