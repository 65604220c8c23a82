"""Where sealed bytes lie: one folder, each file whole or not there."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, ClassVar
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from careline.kit.refusals import NotVisible, Refused

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_PART = ".part"
# Asked for at once, the disk takes many files in the time of one.
_SYNCS = 8
# Of this thread: files that are written and have still to reach the disk for good.
_waiting = threading.local()


class StorageFull(Refused):
    status: ClassVar[int] = 507
    code: ClassVar[str] = "storage_full"


class Missing(NotVisible):
    """The row knows of bytes that are not on the disk, or that no key opens anymore."""


def folder() -> Path:
    return Path(unquote(urlsplit(settings.STORAGE_URL).path))


def write(path: str, pieces: Iterable[bytes]) -> None:
    """All of it, on the disk for good, or nothing and one sentence."""
    place = folder() / path
    part = place.with_name(place.name + _PART)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for piece in pieces:
                out.write(piece)
            out.flush()
            if _gathers() is None:
                os.fsync(out.fileno())
        os.rename(part, place)
        if (waiting := _gathers()) is None:
            _sync(place.parent)
        else:
            waiting.append(place)
    except BaseException as error:
        remove(path)
        with contextlib.suppress(OSError):
            part.unlink()
        if is_full(error):
            raise StorageFull(_("The disk is full. The file was not stored.")) from error
        raise


@contextlib.contextmanager
def gathered() -> Iterator[None]:
    """Files written within reach the disk together, at the end: for whoever commits their rows only after that."""
    if _gathers() is not None:
        yield
        return
    _waiting.places = []
    try:
        yield
        places: set[Path] = {one for place in _waiting.places for one in (place, place.parent)}
        try:
            if places:
                with ThreadPoolExecutor(_SYNCS) as pool:
                    list(pool.map(_sync, places))
        except OSError as error:
            if is_full(error):
                raise StorageFull(_("The disk is full. The file was not stored.")) from error
            raise
    finally:
        _waiting.places = None


def _gathers() -> list[Path] | None:
    return getattr(_waiting, "places", None)


def is_full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in _FULL


def read(path: str) -> bytes:
    try:
        return (folder() / path).read_bytes()
    except FileNotFoundError:
        raise Missing(_("This file is no longer there.")) from None


def opened(path: str) -> IO[bytes]:
    try:
        return (folder() / path).open("rb")
    except FileNotFoundError:
        raise Missing(_("This file is no longer there.")) from None


@contextlib.contextmanager
def nameless() -> Iterator[tuple[IO[bytes], Path]]:
    """Room on the same disk under no name, so that nothing is left of it however the process ends."""
    folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder()) as room:
        yield room, Path(f"/dev/fd/{room.fileno()}")


def remove(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        (folder() / path).unlink()


def older_than(moment: float) -> Iterator[str]:
    """Everything written before this time, half-written files included."""
    root = folder()
    for base, _folders, names in os.walk(root):
        for name in names:
            place = Path(base) / name
            with contextlib.suppress(FileNotFoundError):
                if place.stat().st_mtime < moment:
                    yield place.relative_to(root).as_posix()


def _sync(place: Path) -> None:
    """A file or a folder; one that is gone again needs nothing."""
    try:
        handle = os.open(place, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
