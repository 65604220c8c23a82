"""Why there is no database, in one sentence."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FULL = {errno.ENOSPC, errno.EDQUOT}


class ClusterRefused(Exception):
    """The database cannot be had; the sentence says why and what to do."""


def disk_full(folder: Path) -> ClusterRefused:
    return ClusterRefused(f"The disk that holds {folder} is full: make room and start again.")


@contextmanager
def refusing(folder: Path) -> Iterator[None]:
    """What the file system says about the data folder, said to a person."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise disk_full(folder) from error
        if error.errno in {errno.ENOTDIR, errno.EEXIST}:
            raise ClusterRefused(f"The data folder {folder} is not a folder.") from error
        why = error.strerror or str(error)
        raise ClusterRefused(f"The data folder {folder} cannot be used: {error.filename or 'it'} – {why}.") from error
