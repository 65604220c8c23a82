"""A new cluster: made aside and then renamed, so that one half made when the power went is never taken for one."""

import os
import shutil
import subprocess
from pathlib import Path

from careline.kit.postgres import place, server
from careline.kit.postgres.account import Account
from careline.kit.postgres.place import Place
from careline.kit.postgres.refusal import ClusterRefused, disk_full


def make(data: Path, password: str, programs: Path, major: int, account: Account, *, durable: bool) -> None:
    unfinished = data.with_name("data.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    account.give(unfinished)
    try:
        _initdb(place.of(unfinished, account, major), password, programs, major, account, durable=durable)
        unfinished.rename(data)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _initdb(target: Place, password: str, programs: Path, major: int, account: Account, *, durable: bool) -> None:
    # Sorted and compared by code point everywhere; letters are known as such beyond English.
    for characters in ("C.UTF-8", "en_US.UTF-8", "C"):
        command: list[str | Path] = [
            programs / "initdb", "-D", target.name, "--username=careline", "--pwfile=/dev/stdin", "--encoding=UTF8",
            "--auth=scram-sha-256", "--locale=C", f"--lc-ctype={characters}",
        ]  # fmt: skip
        if major >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not durable:
            command.append("--no-sync")
        made = _run(command, password, target, account)
        if made.returncode == 0:
            return
        if "No space left on device" in made.stderr:
            raise disk_full(target.folder.parent)
        if "invalid locale name" not in made.stderr:
            break
    loud = [line for line in made.stderr.splitlines() if "rror" in line or "FATAL" in line] or [made.stderr.strip()]
    raise ClusterRefused(f"The database could not be created in {target.folder.parent}: {loud[0]}")


def _run(command: list[str | Path], password: str, target: Place, account: Account) -> subprocess.CompletedProcess[str]:
    """The password goes through a pipe that belongs to the account: it never lies in a file that others own."""
    out, into = os.pipe()
    try:
        os.write(into, password.encode())
        os.close(into)
        if account.uid is not None:
            os.fchown(out, account.uid, account.gid or 0)
        return subprocess.run(
            command,
            cwd=target.stand,
            env=server.environment(),
            stdin=out,
            capture_output=True,
            text=True,
            check=False,
            **account.spawn,
        )
    finally:
        os.close(out)
