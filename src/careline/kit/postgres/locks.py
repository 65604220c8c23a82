"""Who uses the cluster: a lock shared by all users, and one held alone by whoever starts or stops the server."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from careline.kit.postgres.account import private
from careline.kit.postgres.refusal import ClusterRefused

PATIENCE = 120.0


class Users:
    """Locks of the kernel: whoever is killed has left."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    def __bool__(self) -> bool:
        """Whether we are in."""
        return self._fd is not None

    def enter(self) -> None:
        if self._fd is None:
            self._fd = private(self._path, os.O_RDWR)
            fcntl.flock(self._fd, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """True when nobody is left."""
        if self._fd is None:
            return False
        fd, self._fd = self._fd, None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(fd)
        return True


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    fd = private(path, os.O_RDWR)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ClusterRefused(
                        f"Another Careline has been starting or stopping the database in {path.parent} for two minutes."
                    ) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(fd)
