"""How an archive is written and read: in one pass, without ever holding more than a piece."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from careline.kit.refusals import Refused

FORMAT = 1
HEADER, END = "careline.json", "end.json"
_FULL = {errno.ENOSPC, errno.EDQUOT}


class Table(msgspec.Struct, frozen=True):
    name: str
    columns: list[str]


class Sequence(msgspec.Struct, frozen=True):
    name: str
    last: int
    called: bool


class Header(msgspec.Struct, frozen=True):
    format: int
    version: str
    made_at: str
    server: str
    secret_key: str
    migrations: list[tuple[str, str]]
    tables: list[Table]
    sequences: list[Sequence]
    months: list[str]  # the oldest and the newest that the line has a partition for


class End(msgspec.Struct, frozen=True):
    rows: dict[str, int]
    files: int
    digest: str


class Writer:
    """One member after the other; what was written is summed up at the end."""

    def __init__(self, out: io.BufferedWriter, wrote: Callable[[int], object]) -> None:
        self._tar = tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._sum = hashlib.sha256()
        self._wrote = wrote

    def add(self, name: str, content: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), 0o600
        self._sum.update(f"{name}\0{len(content)}\0".encode())
        self._sum.update(content)
        self._tar.addfile(member, io.BytesIO(content))
        self._wrote(len(content))

    def finish(self, rows: dict[str, int], files: int) -> None:
        self.add(END, msgspec.json.encode(End(rows, files, _digest(self._sum, rows, files))))
        self._tar.close()


@contextmanager
def writing(path: Path, wrote: Callable[[int], object]) -> Iterator[Writer]:
    """Whole or not at all, and for its owner's eyes alone: the key to everything is in it."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            os.fchmod(out.fileno(), 0o600)
            yield Writer(out, wrote)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(path)
    except OSError as error:
        if error.errno in _FULL:
            raise Refused(f"The disk of {path} is full; no archive was written.") from error
        raise
    finally:
        unfinished.unlink(missing_ok=True)


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every member with its content, the end included."""
    try:
        with tarfile.open(path, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None:
                    raise _foreign(path)
                yield member.name, content.read()
    except (tarfile.TarError, EOFError) as error:
        raise Refused(f"{path} is not a whole archive of Careline's: {_reason(error)}. Nothing was changed.") from error
    except IsADirectoryError as error:
        raise _foreign(path) from error


def _reason(error: Exception) -> str:
    return "it ends too early" if "end of data" in str(error) or "truncated" in str(error) else "it cannot be read"


def _foreign(path: Path) -> Refused:
    return Refused(f"{path} is not an archive of Careline's. Nothing was changed.")


def verified(path: Path, read: Callable[[int], object]) -> tuple[Header, End]:
    """Reads all of it once: only an archive that is whole is let near a database."""
    header: Header | None = None
    end: End | None = None
    found = hashlib.sha256()
    for name, content in members(path):
        if header is None:
            header = _header(path, name, content)
        if end is not None:
            raise Refused(f"{path} goes on after its end. Nothing was changed.")
        if name == END:
            end = _end(path, content)
        else:
            found.update(f"{name}\0{len(content)}\0".encode())
            found.update(content)
        read(len(content))
    if header is None:
        raise _foreign(path)
    if end is None:
        raise Refused(f"{path} is not a whole archive of Careline's: it ends too early. Nothing was changed.")
    if _digest(found, end.rows, end.files) != end.digest:
        raise _damaged(path)
    return header, end


def _digest(members: hashlib._Hash, rows: dict[str, int], files: int) -> str:
    """Of every member and of the counts beside it."""
    told = members.copy()
    told.update(msgspec.json.encode([sorted(rows.items()), files]))
    return told.hexdigest()


def _end(path: Path, content: bytes) -> End:
    try:
        return msgspec.json.decode(content, type=End)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise _damaged(path) from None


def _damaged(path: Path) -> Refused:
    return Refused(f"{path} is damaged: its checksum does not fit. Nothing was changed.")


def _header(path: Path, name: str, content: bytes) -> Header:
    if name != HEADER:
        raise _foreign(path)
    try:
        if msgspec.json.decode(content)["format"] != FORMAT:
            raise Refused(f"{path} was written by a newer Careline. Nothing was changed.")
        return msgspec.json.decode(content, type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise _foreign(path) from error
