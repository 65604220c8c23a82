"""A file or a folder of mail: mbox files, Maildirs and single mails, wherever they lie in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from careline.channels.email import reading
from careline.channels.email.history import mbox
from careline.channels.email.history.order import FIRST, Entry, Order, sane
from careline.channels.history import Found, Why
from careline.kit.refusals import Refused
from careline.kit.sentences import lasting as _

# Of a source that is a mail by itself.
WHOLE = -1


class Files:
    def __init__(self, source: Path, work: Path) -> None:
        if not source.exists():
            raise Refused(_("There is no file or folder %(path)s.") % {"path": source})
        self._root = source
        self._paths = sorted(_files(source))
        if not self._paths:
            told = _("There is no mail in %(path)s: neither an mbox, nor a Maildir, nor .eml files.")
            raise Refused(told % {"path": source.name})
        self._order = Order(work, self._entries())
        self.total, self.fingerprint, self.oldest = self._order.total, self._order.fingerprint, self._order.oldest

    def after(self, count: int) -> Iterator[Found]:
        for one in self._order.after(count):
            yield self._found(one)

    def close(self) -> None:
        self._order.close()

    def _entries(self) -> Iterator[Entry]:
        for n, path in enumerate(self._paths):
            before = FIRST
            if not _is_single(path):
                for one in mbox.lying(path):
                    # One without any date was put behind the one before it.
                    before = sane(one.written_at, one.separated_at) or before
                    yield Entry(int(before.timestamp()), n, one.start, one.size)
                continue
            with path.open("rb") as file:
                written = mbox.written_at(file.read(mbox.HEAD))
            stat = path.stat()
            at = sane(written, datetime.fromtimestamp(stat.st_mtime, UTC)) or before
            yield Entry(int(at.timestamp()), n, WHOLE, stat.st_size)

    def _found(self, one: Entry) -> Found:
        path = self._paths[one.source]
        name = str(path.relative_to(self._root)) if path != self._root else path.name
        place = name if one.start == WHOLE else f"{name}:{one.start}"
        at = datetime.fromtimestamp(one.at, UTC)
        why = _why(path, one)
        if why:
            return Found(place=place, at=at, why=why)
        try:
            with path.open("rb") as file:
                file.seek(max(0, one.start))
                raw = file.read(one.size)
        except OSError:
            return Found(place=place, at=at, why="gone")
        return Found(place=place, at=at, raw=raw if one.start == WHOLE else mbox.as_it_was(raw))


def _why(path: Path, one: Entry) -> Why:
    if one.size > reading.LARGEST:
        return "large"
    flags = path.name.partition(":2,")[2] if one.start == WHOLE else ""
    return "draft" if "D" in flags else "deleted" if "T" in flags else ""


def _files(source: Path) -> Iterator[Path]:
    """Nothing outside of it: links are not followed."""
    if source.is_file():
        if _is_mail(source):
            yield source
        return
    for folder, _folders, names in os.walk(source):
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink() and path.is_file() and _is_mail(path):
                yield path


def _is_single(path: Path) -> bool:
    return path.parent.name in ("cur", "new") or path.suffix.lower() == ".eml"


def _is_mail(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    return _is_single(path) or mbox.is_mbox(path)
