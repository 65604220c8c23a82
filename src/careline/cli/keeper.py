"""The embedded database under a running Careline: should it die, it is started again."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from careline.cli import signals
from careline.kit.postgres import Cluster, ClusterRefused

# The question costs two small files.
BEAT = 2.0
_log = logging.getLogger(__name__)


@contextmanager
def keeping(cluster: Cluster) -> Iterator[None]:
    """Until the block ends, or the wish to end is told: a terminal tells it to the database as well."""
    done = threading.Event()

    def keep() -> None:
        while not done.wait(BEAT) and not signals.told.is_set():
            if not lives(cluster.data):
                _revive(cluster)

    thread = threading.Thread(target=keep, name="keeper", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def lives(folder: Path) -> bool:
    """Doubtful cases are dead: whoever then starts it finds out for certain."""
    try:
        pid = int((folder / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
    except PermissionError:
        return True  # it is somebody else's, so it is there
    except (OSError, ValueError):
        return False


def _revive(cluster: Cluster) -> None:
    _log.warning("The database has ended; it is started again.")
    try:
        cluster.start()
    except ClusterRefused as refusal:
        _log.error("%s", refusal)
