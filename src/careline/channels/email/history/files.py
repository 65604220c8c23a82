"""A file or a folder of mail: mbox files, Maildirs and single mails, wherever they lie in it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from careline.channels.email import reading
from careline.channels.email.history import mbox
from careline.channels.email.history.folders import is_kept
from careline.channels.email.history.order import FIRST, Entry, Order, sane
from careline.channels.history import Found, Why
from careline.kit.refusals import Refused
from careline.kit.sentences import lasting as _

# Of a source that is a mail by itself.
WHOLE = -1


class Files:
    def __init__(self, source: Path, work: Path, stop: threading.Event) -> None:
        if not source.exists():
            raise Refused(_("There is no file or folder %(path)s.") % {"path": source})
        # What is found in a folder is named as it lies in it.
        self._root = source if source.is_dir() else source.parent
        self._order = Order(work, self._entries(source), stop, _known_as)
        if not self._order.total:
            self._order.close()
            told = _("There is no mail in %(path)s: neither an mbox, nor a Maildir, nor .eml files.")
            raise Refused(told % {"path": source.name})
        self.total, self.fingerprint, self.oldest = self._order.total, self._order.fingerprint, self._order.oldest

    def after(self, count: int) -> Iterator[Found]:
        for one in self._order.after(count):
            yield self._found(one)

    def close(self) -> None:
        self._order.close()

    def _entries(self, source: Path) -> Iterator[Entry]:
        before = FIRST
        for path in _files(source):
            name = os.fsencode(path.relative_to(self._root))
            if not _is_single(path):
                before = FIRST
                for one in mbox.lying(path):
                    # One without any date was put behind the one before it.
                    before = sane(one.written_at, one.separated_at) or before
                    yield Entry(int(before.timestamp()), name, one.start, one.size, _why("", one.size))
                continue
            with path.open("rb") as file:
                written = mbox.written_at(file.read(mbox.HEAD))
            stat = path.stat()
            before = sane(written, datetime.fromtimestamp(stat.st_mtime, UTC)) or before
            yield Entry(int(before.timestamp()), name, WHOLE, stat.st_size, _why(path.name, stat.st_size))

    def _found(self, one: Entry) -> Found:
        path = self._root / os.fsdecode(one.source)
        name = one.source.decode(errors="replace")
        place = name if one.start == WHOLE else f"{name}:{one.start}"
        at = datetime.fromtimestamp(one.at, UTC)
        if one.why:
            return Found(place=place, at=at, why=one.why)
        try:
            with path.open("rb") as file:
                file.seek(max(0, one.start))
                raw = file.read(one.size)
        except OSError:
            raw = b""
        if not raw:
            return Found(place=place, at=at, why="gone")
        return Found(place=place, at=at, raw=raw if one.start == WHOLE else mbox.as_it_was(raw))


def _known_as(name: bytes) -> bytes:
    """A mail in a Maildir changes its name as it is read, answered or marked."""
    folder, _slash, last = name.rpartition(b"/")
    return last.partition(b":2,")[0] if folder.endswith((b"cur", b"new")) else name


def _why(name: str, size: int) -> Why:
    if size > reading.LARGEST:
        return "large"
    flags = name.partition(":2,")[2]
    return "draft" if "D" in flags else "deleted" if "T" in flags else ""


def _files(source: Path) -> Iterator[Path]:
    """Nothing outside of it: links are not followed. A folder is read as it is walked through, however full it is."""
    if source.is_file():
        if _is_mail(source):
            yield source
        return
    folders = [source]
    while folders:
        with os.scandir(folders.pop()) as found:
            for one in found:
                path = Path(one.path)
                if one.is_symlink() or not is_kept(_levels(path)):
                    continue
                if one.is_dir():
                    folders.append(path)
                elif one.is_file() and _is_mail(path):
                    yield path


def _levels(path: Path) -> list[str]:
    """What it is called among folders: a Maildir writes `.Clients.2019`, other programs `Trash.mbox` or `Trash.sbd`."""
    name = path.name.removesuffix(".mbox").removesuffix(".sbd")
    return name.strip(".").split(".") if path.name.startswith(".") else [name]


def _is_single(path: Path) -> bool:
    return path.parent.name in ("cur", "new") or path.suffix.lower() == ".eml"


def _is_mail(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    return _is_single(path) or mbox.is_mbox(path)
