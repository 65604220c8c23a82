"""A zip is opened piece by piece: no further than an honest folder reaches, and nothing of it outside the folder."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

import msgspec
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused, TooLarge

LARGEST = 50 * 1024 * 1024
# What it may become when it is unpacked, in all and one by one, and how many files it may hold.
UNPACKED, ONE, MOST = 200 * 1024 * 1024, 10 * 1024 * 1024, 5000
PIECE = 64 * 1024
ARTICLES = (".md", ".markdown", ".html", ".htm")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")


class Member(msgspec.Struct, frozen=True):
    """One file of a folder, by its path in it; without its bytes where they are not taken, and why."""

    path: str
    content: bytes = b""
    refused: str = ""


def members(content: bytes) -> Iterator[Member]:
    """Articles and pictures, in the order of their paths; Refused when it is no zip or means harm."""
    if len(content) > LARGEST:
        raise TooLarge(_("A zip may have at most %(most)s MB.") % {"most": LARGEST // 1024**2}, field="file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            yield from _members(folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError) as error:
        raise Refused(_("This is no zip, or it is damaged."), field="file") from error


def _members(folder: zipfile.ZipFile) -> Iterator[Member]:
    listed = [one for one in folder.infolist() if not one.is_dir()]
    if len(listed) > MOST:
        raise Refused(_("A zip may hold at most %(most)s files.") % {"most": MOST}, field="file")
    left = UNPACKED
    for one in sorted(listed, key=lambda each: each.filename):
        path = _within(one.filename)
        if path is None:
            yield Member(one.filename[:200], refused=_("Its path leads out of the folder."))
            continue
        if not _is_wanted(path):
            continue
        if one.flag_bits & 1:
            yield Member(path, refused=_("It is locked by a password."))
            continue
        # What it says of its own size may be a lie: as many bytes as may be are taken, and one more tells the rest.
        with folder.open(one) as opened:
            found = _read(opened, min(ONE, left))
        if found is None:
            if left <= ONE:
                raise TooLarge(
                    _("Unpacked it is larger than %(most)s MB.") % {"most": UNPACKED // 1024**2}, field="file"
                )
            yield Member(path, refused=_("It is larger than %(most)s MB.") % {"most": ONE // 1024**2})
            left -= ONE
            continue
        left -= len(found)
        yield Member(path, found)


def _read(opened: IO[bytes], most: int) -> bytes | None:
    pieces, size = [], 0
    while piece := opened.read(PIECE):
        size += len(piece)
        if size > most:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _within(name: str) -> str | None:
    """The path within the folder; None for one that leads out of it."""
    plain = name.replace("\\", "/")
    path = PurePosixPath(plain)
    if plain.startswith("/") or ".." in path.parts or (path.parts and ":" in path.parts[0]) or "\0" in plain:
        return None
    return str(path)


def _is_wanted(path: str) -> bool:
    parts = path.split("/")
    # What systems leave in folders.
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return not hidden and path.lower().endswith(ARTICLES + PICTURES)
