"""The embedded cluster: one data folder, one server, any number of users."""

import os
import re
import secrets
import subprocess
import time
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from careline.kit.postgres import making, place, server
from careline.kit.postgres.account import Account, choose, private
from careline.kit.postgres.binaries import find_bindir, tool, version_of
from careline.kit.postgres.locks import Users, alone
from careline.kit.postgres.refusal import ClusterRefused, disk_full, refusing
from careline.kit.postgres.server import Answer

# After a kill -9 the old server's lock stays until the dead process is buried, seen to take up to three seconds.
LINGERING = 15.0
# A shutdown writes everything out, a recovery reads everything in; both end by themselves.
COMING_AND_GOING = 300.0


class Cluster:
    """`start` makes this process a user of the server; the last user that stops takes the server down.

    The folder keeps the cluster itself (`data`), the `password` and the `port`, a `log` and two lock files.
    """

    def __init__(
        self, data_dir: Path | str, *, durable: bool = True, bindir: Path | None = None, port: int | None = None
    ) -> None:
        self.folder = Path(data_dir).expanduser().resolve()
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self._durable = durable
        self._given_bindir = bindir
        self._given_port = port
        self._users = Users(self.folder / "users.lock")
        self._child: subprocess.Popen[bytes] | None = None
        # Once somebody knows the address, a server that is revived must come back to it.
        self._handed_out = False

    @cached_property
    def bindir(self) -> Path:
        return self._given_bindir or find_bindir()

    @cached_property
    def version(self) -> str:
        """Of the server's programs, as in "18.6"."""
        return version_of(self.bindir)

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    @property
    def dsn(self) -> str:
        """Known once the cluster was started or attached to."""
        return f"postgresql://careline:{self._read('password')}@127.0.0.1:{self._read('port')}/careline"

    def tool(self, name: str) -> Path:
        return tool(name, self.bindir)

    def start(self) -> str:
        """Attaches to the server when it lives, starts it when it does not. Asked again, it revives a dead one."""
        if self._child is not None and self._child.poll() is None:
            return self.dsn
        with refusing(self.folder):
            if not self.folder.exists():
                self.folder.mkdir(parents=True)
                self.folder.chmod(0o711)  # the account of the server has to pass through
            with alone(self.folder / "start.lock"):
                self._refuse_other_major()
                was_in = bool(self._users)
                self._users.enter()
                try:
                    if not self._is_up():
                        self._launch()
                    self._ensure_database()
                except BaseException:
                    if not was_in:
                        self._leave()
                    raise
        self._handed_out = True
        return self.dsn

    def attach(self) -> str | None:
        """The address when the server lives. Attaching makes nobody a user: the server may be stopped meanwhile."""
        port, password = self._read("port"), self._read("password")
        if port and password and server.ask(int(port), password, self.data) is Answer.OURS:
            return self.dsn
        return None

    def stop(self) -> None:
        if self._users and not self.folder.exists():
            self._leave()  # removed under our feet: there is nobody left to agree with
        elif self._users:
            with alone(self.folder / "start.lock"):
                self._leave()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _leave(self) -> None:
        child, self._child, self._handed_out = self._child, None, False
        if not self._users.leave():
            return
        if child is not None:
            server.end(child.pid, child)
            return
        if self.folder.exists() and self._is_up():
            pid = server.pid_of(int(self._read("port") or 0), self._read("password") or "")
            if pid:
                server.end(pid, None)

    def _is_up(self) -> bool:
        """Waits for a server that is coming or going, since neither can be used nor replaced."""
        port, password = self._read("port"), self._read("password")
        if not port or not password or not (self.data / "PG_VERSION").exists():
            return False
        deadline = time.monotonic() + COMING_AND_GOING
        while (answer := server.ask(int(port), password, self.data)) in {Answer.COMING, Answer.GOING}:
            if time.monotonic() > deadline:
                raise ClusterRefused(f"The database in {self.folder} has been starting or stopping for five minutes.")
            time.sleep(0.05)
        return answer is Answer.OURS

    def _refuse_other_major(self) -> None:
        major = self.major
        try:
            kept = int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return
        if kept != major:
            raise ClusterRefused(
                f"The data folder {self.folder} is of PostgreSQL {kept}, the programs are of PostgreSQL {major}: "
                f"run careline backup with {kept} (PG_BINDIR names it) and careline restore with {major}."
            )

    def _launch(self) -> None:
        account = choose(self.data, self.folder)
        programs = place.programs(self.bindir, account)
        password = self._read("password")
        if not (self.data / "PG_VERSION").exists():
            password = password or secrets.token_urlsafe(32)
            self._write("password", password)
            making.make(self.data, password, programs, self.major, account, durable=self._durable)
        elif not password:
            raise ClusterRefused(f"The password of the database is missing: put back {self.folder / 'password'}.")
        deadline = time.monotonic() + LINGERING
        # Under load a living server may only have been slow to answer, so it is asked again each time.
        while not self._try(account, programs) and not self._is_up():
            if time.monotonic() > deadline:
                raise ClusterRefused(
                    f"Another PostgreSQL holds the data folder {self.folder} and does not answer; its process is named "
                    f"in {self.data / 'postmaster.pid'}."
                )
            time.sleep(0.2)

    def _try(self, account: Account, programs: Path) -> bool:
        """One start of the server; False when it is worth trying again."""
        port = self._given_port or int(self._read("port") or server.free_port())
        if not server.is_free(port):
            if self._given_port or self._handed_out:
                raise ClusterRefused(f"Port {port} on 127.0.0.1 is occupied by another program.")
            port = server.free_port()
        since = self.log.stat().st_size if self.log.exists() else 0
        where = place.of(self.data, account, self.major)
        child = server.spawn(programs, where, port, self.log, account, durable=self._durable)
        try:
            up = self._wait(child, port)
        except BaseException:
            server.end(child.pid, child)
            raise
        if up:
            self._child = child
            self._write("port", str(port))
            return True
        self._judge(server.last_words(self.log, since if since <= self.log.stat().st_size else 0))
        return False

    def _wait(self, child: subprocess.Popen[bytes], port: int) -> bool:
        password = self._read("password") or ""
        deadline = time.monotonic() + COMING_AND_GOING
        while child.poll() is None:
            if server.ask(port, password, self.data) is Answer.OURS:
                return True
            if time.monotonic() > deadline:
                raise ClusterRefused(f"The database in {self.folder} did not start in five minutes; see {self.log}.")
            time.sleep(0.03)
        return False

    def _judge(self, words: str) -> None:
        """Returns when trying again may help."""
        if "postmaster.pid" in words and "already exists" in words:
            server.unlock_if_stale(self.data)
            return
        if "pre-existing shared memory block" in words or "could not create any TCP/IP sockets" in words:
            return
        if "No space left on device" in words:
            raise disk_full(self.folder)
        loud = re.findall(r"(?:FATAL|PANIC|ERROR):\s+(.*)", words) or [words.strip()[-200:] or "it said nothing"]
        raise ClusterRefused(f"PostgreSQL did not start: {loud[-1].rstrip('.')}. Its log is {self.log}.")

    def _ensure_database(self) -> None:
        port, password = int(self._read("port") or 0), self._read("password") or ""
        try:
            with server.connect(port, password) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'careline'").fetchone():
                    connection.execute("CREATE DATABASE careline")
        except psycopg.errors.DiskFull:
            raise disk_full(self.folder) from None
        except psycopg.Error as error:
            told = str(error).splitlines()[0]
            raise ClusterRefused(f"The database in {self.folder} cannot be used: {told}.") from error

    def _read(self, name: str) -> str | None:
        try:
            return (self.folder / name).read_text().strip() or None
        except FileNotFoundError:
            return None

    def _write(self, name: str, text: str) -> None:
        """Whole or not at all, and for our eyes only."""
        unfinished = self.folder / f".{name}"
        try:
            with open(private(unfinished, os.O_WRONLY | os.O_TRUNC), "w") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            unfinished.rename(self.folder / name)
        finally:
            unfinished.unlink(missing_ok=True)
