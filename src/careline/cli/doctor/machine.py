"""The machine: its data folder and the room that is left."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from careline.cli import composition
from careline.cli.doctor.finding import Finding, good, note, wrong

# Below the first nothing can be promised; below the second it is time to think of it.
TOO_LITTLE = 500 * 1024**2
LITTLE = 5 * 1024**3


def folder() -> list[Finding]:
    name, path = "data folder", composition.data_folder()
    if not path.is_dir():
        if path.exists():
            return [wrong(name, f"{path} is not a folder.", "Name another in CARELINE_DATA.")]
        return [note(name, f"{path} is not there yet.", "careline up makes it, or CARELINE_DATA names another.")]
    if not is_writable(path):
        return [wrong(name, f"{path} cannot be written by this user.", f"chown -R {_user()} {path}")]
    return [good(name, f"{path} can be written."), room(path), *_key(path)]


def room(path: Path) -> Finding:
    left = shutil.disk_usage(path).free
    says = f"{left / 1024**3:.1f} GB are left on the disk of {path}."
    if left < TOO_LITTLE:
        return wrong("disk", says, "Make room before messages have to be refused.")
    return note("disk", says, "Make room soon.") if left < LITTLE else good("disk", says)


def is_writable(path: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"?")
    except OSError:
        return False
    return True


def _key(path: Path) -> list[Finding]:
    kept = path / "secret-key"
    if kept.exists() and kept.stat().st_mode & 0o077:
        return [wrong("secret key", f"Others on this machine can read {kept}.", f"chmod 600 {kept}")]
    return []


def _user() -> str:
    return os.environ.get("USER") or str(os.getuid())
