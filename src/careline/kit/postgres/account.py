"""Whom PostgreSQL runs as: ourselves, or, since it refuses to be root, somebody with fewer rights."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careline.kit.postgres.refusal import ClusterRefused

_WALK = 'for folder; do cd "$folder" 2>/dev/null || { printf %s "$folder"; exit 1; }; done'


@dataclass(frozen=True, slots=True)
class Account:
    """`uid` is None when the server simply runs as we do."""

    uid: int | None = None
    gid: int | None = None
    name: str = ""

    @property
    def spawn(self) -> dict[str, Any]:
        """What subprocess needs to become this account for good."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        if self.uid is not None:
            os.chown(path, self.uid, self.gid or 0)

    def closed_door(self, folder: Path) -> Path | None:
        """The first folder on the way that the account may not enter."""
        if self.uid is None:
            return None
        folders = [*reversed(folder.parents), folder]
        walk = subprocess.run(
            ["/bin/sh", "-c", _WALK, "sh", *folders], cwd="/", capture_output=True, text=True, check=False, **self.spawn
        )
        return Path(walk.stdout) if walk.returncode else None


def private(path: Path, flags: int) -> int:
    """Opens a file for its owner's eyes only; what root makes in somebody's folder belongs to them."""
    fd = os.open(path, flags | os.O_CREAT, 0o600)
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.fchown(fd, folder.st_uid, folder.st_gid)
    return fd


def choose(*owned: Path) -> Account:
    """The owner of the first of these folders that belongs to somebody else than root, or nobody."""
    if os.geteuid() != 0:
        return Account()
    for folder in owned:
        if folder.exists() and folder.stat().st_uid != 0:
            status = folder.stat()
            return Account(status.st_uid, status.st_gid, _name_of(status.st_uid))
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise ClusterRefused(
            "PostgreSQL does not run as root, and there is no user nobody: start Careline as an ordinary user."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid, "nobody")


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
