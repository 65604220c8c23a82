"""One run of the program `postgres`: its arguments, its answer on the port, why it ended, and how to end it."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import time
from enum import Enum
from pathlib import Path

import psycopg

from careline.kit.postgres.account import Account, private
from careline.kit.postgres.place import HERE, Place

# Sized for a laptop. No statement and no value of a row ever reaches the log: both may be somebody's words.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "cluster_name": "careline",
}
_WHO = """SELECT current_setting('data_directory'),
  split_part(pg_read_file('postmaster.pid', 0, 100, true), E'\\n', 1)"""
# For tests: nothing outlives a power cut, what the planner knows of a table is what a test has told it (ANALYZE), and
# several houses, each with its thirty lines, share one server.
_FAST_AND_LOOSE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "400",
}


class Answer(Enum):
    OURS = "takes our password and keeps our folder"
    COMING = "a server that starts, recovers or is full"
    GOING = "a server that shuts down"
    OTHER = "somebody else"
    SILENT = "nobody"


def ask(port: int, password: str, data: Path) -> Answer:
    """Who answers on the port: only an answer says that a server lives; a process id or a file says nothing."""
    try:
        with connect(port, password) as connection:
            row = connection.execute(_WHO).fetchone()
    except psycopg.OperationalError as error:
        return _understand(str(error))
    # A copied folder has the same password and the same port in it.
    return Answer.OURS if row and _is_same(row[0], row[1], data) else Answer.OTHER


def pid_of(port: int, password: str) -> int:
    """The server itself says which process it is."""
    with connect(port, password) as connection:
        row = connection.execute(_WHO).fetchone()
    return int(row[1]) if row and row[1] else 0


def _is_same(directory: str, pid: str, data: Path) -> bool:
    seen = f"/proc/{pid}/cwd" if directory == str(HERE) else directory
    try:
        return os.path.samefile(seen, data)
    except OSError:
        return directory == str(data)


def connect(port: int, password: str) -> psycopg.Connection[tuple[str, str]]:
    return psycopg.connect(
        host="127.0.0.1",
        port=port,
        user="careline",
        password=password,
        dbname="postgres",
        connect_timeout=5,
        autocommit=True,
        # Whoever took our port gets no password in the clear, whatever they ask for.
        require_auth="scram-sha-256",
        sslmode="disable",
        gssencmode="disable",
        options="",
    )


def _understand(told: str) -> Answer:
    if "shutting down" in told:
        return Answer.GOING
    if "starting up" in told or "not yet accepting" in told or "recovery" in told or "too many clients" in told:
        return Answer.COMING
    if "refused" in told or "timeout" in told or "closed the connection" in told or "reset by peer" in told:
        return Answer.SILENT
    return Answer.OTHER


def spawn(
    programs: Path, place: Place, port: int, log: Path, account: Account, *, durable: bool
) -> subprocess.Popen[bytes]:
    """A direct child in our own process group: what ends the group ends the database with it.

    Not so at a terminal: there Ctrl-C is said to the whole group at once, and the database has to end last.
    """
    settings = _SETTINGS | ({} if durable else _FAST_AND_LOOSE)
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    if log.exists() and log.stat().st_size > 5_000_000:
        log.replace(log.with_suffix(".old"))
    with open(private(log, os.O_WRONLY | os.O_APPEND), "wb") as out:
        return subprocess.Popen(
            [programs / "postgres", "-D", place.name, "-p", str(port), *options],
            cwd=place.stand,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            process_group=0 if at_a_terminal() else None,
            **account.spawn,
        )


def at_a_terminal() -> bool:
    """Whether our group is the one that a terminal's keys speak to."""
    try:
        with open("/dev/tty") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False


def environment() -> dict[str, str]:
    """Nothing of ours that would steer PostgreSQL (PGDATA, PGOPTIONS …); messages in English, since we read them."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if name in os.environ}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def free_port() -> int:
    """Below the ports that outgoing connections use: there, somebody's browser may sit on ours after the next start."""
    for _try in range(100):
        port = 15_000 + secrets.randbelow(15_000)
        if is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def last_words(log: Path, since: int) -> str:
    with log.open("rb") as told:
        told.seek(since)
        return told.read(1_000_000).decode(errors="replace")


def unlock_if_stale(data: Path) -> bool:
    """True when the lock file named a process that is not this cluster's server, and no longer does.

    PostgreSQL takes any living process of that number for the server, also one that is dead and not yet buried, which
    under an init that buries nobody is forever. Only the number is replaced, by one that cannot exist: the rest of the
    file lets PostgreSQL still find out by itself whether somebody is attached to the old shared memory.
    """
    lock = data / "postmaster.pid"
    try:
        lines = lock.read_text().split("\n")
        pid = abs(int(lines[0]))
    except (OSError, ValueError):
        return False
    if not _is_stale(pid, data):
        return False
    with lock.open("r+") as out:  # in place: the owner of the file stays
        out.write("\n".join(["2147483647", *lines[1:]]))
        out.truncate()
    return True


def _is_stale(pid: int, data: Path) -> bool:
    process = Path("/proc") / str(pid)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # if it is our own dead child, this buries it
    try:
        name, _bracket, rest = (process / "stat").read_text().partition("(")[2].rpartition(")")
        if rest.split()[0] == "Z" or name != "postgres":
            return True
        return (process / "cwd").readlink() != data
    except OSError:
        return False  # gone, not ours to look at, or a system without /proc: PostgreSQL decides


def end(pid: int, child: subprocess.Popen[bytes] | None) -> None:
    """Fast shutdown: sessions are cut, what was committed is on disk. Then immediate, which loses nothing."""
    for word, patience in ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0)):
        try:
            os.kill(pid, word)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if _is_gone(pid, child):
                return
            time.sleep(0.02)


def _is_gone(pid: int, child: subprocess.Popen[bytes] | None) -> bool:
    if child is not None:
        return child.poll() is not None
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True
