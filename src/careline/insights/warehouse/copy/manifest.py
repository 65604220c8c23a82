"""The manifest: which files are the copy now. It is switched at once, so a copy is there whole or as it was before."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from careline.insights.warehouse import engine
from careline.insights.warehouse.copy.laying import FORMAT

NAME = "manifest.json"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Every touchpoint of a transaction below `xid` is in the copy, and none of another."""

    version: int
    # Which table of which database this is a copy of: ids of transactions mean nothing anywhere else.
    source: str
    xid: str
    as_of: datetime
    base: str
    base_rows: int
    base_version: int
    # What became of customers since the base was made; it stands for all of their lines.
    recent: str | None = None
    recent_rows: int = 0
    # Moments of customers in `recent` that still lie in the base.
    hidden_rows: int = 0
    kinds: tuple[str, ...] = ()
    # The base knows a shorter list of kinds.
    grown: bool = False
    inboxes: tuple[int, ...] = ()
    # Who stands for whom, as a digest.
    joined: str = ""
    # The version in which somebody was last erased whose moments may still lie in the base.
    erased: int = 0
    base_seconds: float = 0.0
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return self.base_rows - self.hidden_rows + self.recent_rows

    @property
    def files(self) -> tuple[str, ...]:
        return (self.base, self.recent) if self.recent else (self.base,)


_decoder = msgspec.json.Decoder(Manifest)


def read() -> Manifest | None:
    """None when there is no copy, or one this version cannot read."""
    try:
        found = _decoder.decode((engine.folder() / NAME).read_bytes())
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
    return found if found.format == FORMAT else None


def switch(manifest: Manifest) -> None:
    """The files are on disk for good before they are named, and what is named no longer is removed."""
    folder = engine.folder()
    for name in manifest.files:
        _settle(folder / name)
    draft = folder / f"{NAME}.new"
    draft.write_bytes(msgspec.json.encode(manifest))
    _settle(draft)
    draft.replace(folder / NAME)
    _settle(folder)
    sweep(manifest)


def sweep(manifest: Manifest | None) -> None:
    """Remove versions nobody names any longer; readers keep what they have open."""
    kept = {NAME, "lock", *(manifest.files if manifest else ())}
    for path in engine.folder().iterdir():
        if path.is_file() and path.name not in kept:
            path.unlink(missing_ok=True)


def forget() -> None:
    """There is no copy any more."""
    (engine.folder() / NAME).unlink(missing_ok=True)
    sweep(None)


def clear() -> None:
    """What somebody who was interrupted left behind."""
    if engine.spill().is_dir():
        for path in engine.spill().iterdir():
            if path.suffix in (".csv", ".duckdb", ".wal"):
                path.unlink(missing_ok=True)


@contextmanager
def held() -> Iterator[bool]:
    """Whether this process alone makes versions now; the kernel lets go when it dies."""
    folder = engine.folder()
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(lock)


def _settle(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
