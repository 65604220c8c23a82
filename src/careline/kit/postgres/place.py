"""Where the server's account meets its data and its programs, also behind doors that only root may pass.

The home of root and its temporary folders are closed to everybody else, and PostgreSQL refuses to be root. To open the
doors would open them for other programs too. Instead the server is set down inside its folder, which it then calls by
the kernel's name for wherever it stands; programs that cannot be reached are copied to where they can.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from careline.kit.postgres.account import Account
from careline.kit.postgres.refusal import ClusterRefused

HERE = Path("/proc/self/cwd")
# Earlier ones walk away to find their own programs and do not find the way back through a closed door.
STAYS = 16
SHARED = Path("/var/lib/careline")
_NEEDED = ("bin/postgres", "bin/initdb", "lib", "share")


@dataclass(frozen=True, slots=True)
class Place:
    """A data folder, what the server calls it, and where the server is set down."""

    folder: Path
    name: Path
    stand: Path


def of(folder: Path, account: Account, major: int) -> Place:
    door = account.closed_door(folder)
    if door is None:
        return Place(folder, folder, Path("/"))
    if not HERE.exists() or major < STAYS:
        raise _closed(door, account, "the data folder")
    return Place(folder, HERE, folder)


def programs(bindir: Path, account: Account) -> Path:
    """The same programs, where the account can run them."""
    door = account.closed_door(bindir)
    if door is None:
        return bindir
    installed, libraries = bindir.parent, bindir.parent.parent.with_suffix(".libs")
    if installed.name != "pginstall":
        raise _closed(door, account, "PostgreSQL")
    status = (bindir / "postgres").stat()
    copy = SHARED / f"postgresql-{status.st_size:x}-{status.st_mtime_ns:x}"
    if not copy.exists():
        unfinished = copy.with_name(f".{copy.name}")
        shutil.rmtree(unfinished, ignore_errors=True)
        within = unfinished / installed.parent.name / installed.name
        (within / "bin").mkdir(parents=True)
        for name in _NEEDED:
            source = installed / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, within / name)
        shutil.copytree(libraries, unfinished / libraries.name)
        for path in (SHARED, unfinished, *unfinished.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        unfinished.rename(copy)
    return copy / installed.parent.name / installed.name / "bin"


def _closed(door: Path, account: Account, what: str) -> ClusterRefused:
    return ClusterRefused(
        f"PostgreSQL does not run as root, and the user {account.name} it runs as may not enter {door}, "
        f"where {what} lies: start Careline as an ordinary user, move it, or run chmod o+x {door}"
    )
