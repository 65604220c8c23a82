"""Read stored files, and describe how they may be served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.files import sniff, storage
from careline.files.limits import PICTURES
from careline.files.models import PersonKey, StoredFile
from careline.files.sealing import opened_key, unseal_content, unseal_pieces
from careline.files.storage import Missing
from careline.kit import signing

_LINK = "files.link"
_LINK_LASTS = timedelta(days=30)
_SERVED_AS = dict.fromkeys(PICTURES) | {"application/pdf": None, "text/plain": "text/plain; charset=utf-8"}
# Invisible marks that turn writing direction around: "invoice⮞gpj.exe" would read as a picture.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])


def by_id(file_id: UUID) -> StoredFile:
    file = StoredFile.objects.filter(pk=file_id, erased_at=None).first()
    if file is None:
        raise Missing(_("This file is no longer there."))
    return file


def by_ids(file_ids: Iterable[UUID]) -> dict[UUID, StoredFile]:
    return {file.id: file for file in StoredFile.objects.filter(pk__in=list(file_ids), erased_at=None)}


def of_person(person_id: int) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(person_id=person_id, erased_at=None).order_by("created_at", "id")


def read(file: StoredFile) -> bytes:
    """The bytes as they were stored, or a word that they are gone."""
    if file.erased_at is not None:
        raise Missing(_("This file is no longer there."))
    key = None
    if file.person_id is not None and (key := key_of(file.person_id)) is None:
        raise Missing(_("This file is no longer there."))
    return unseal_content(storage.read(file.path), file.id, key)


@contextmanager
def plain(file: StoredFile) -> Iterator[Path]:
    """A file that was stored in pieces, where whoever needs a path can read it; it has no name and goes by itself."""
    if file.erased_at is not None:
        raise Missing(_("This file is no longer there."))
    with storage.opened(file.path) as sealed, storage.nameless() as (room, path):
        try:
            room.writelines(unseal_pieces(sealed, file.id))
            room.flush()
        except OSError as error:
            if storage.is_full(error):
                raise storage.StorageFull(_("The disk is full. The file cannot be opened.")) from error
            raise
        yield path


def key_of(person_id: int) -> bytes | None:
    """Nothing for who has none, or has none any more."""
    kept = PersonKey.objects.filter(person_id=person_id).first()
    return None if kept is None else opened_key(bytes(kept.sealed_key), person_id)


def link(file_id: UUID) -> str:
    """A path that opens this one file for whoever holds it, for a month."""
    return f"/files/{signing.sign(_LINK, str(file_id))}"


def by_link(token: str) -> StoredFile:
    return by_id(UUID(signing.unsign(_LINK, token, max_age=_LINK_LASTS)))


def headers(file: StoredFile) -> dict[str, str]:
    """What a door sends with the bytes: nothing in them runs, and only pictures are shown in place."""
    served_as = file.media_type if file.media_type in _SERVED_AS else sniff.UNKNOWN
    return {
        "Content-Type": _SERVED_AS.get(served_as) or served_as,
        "Content-Length": str(file.size),
        "Content-Disposition": disposition(file.name, inline=file.inline),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, max-age=3600",
    }


def disposition(name: str, *, inline: bool) -> str:
    """RFC 6266 with the name in both spellings; no folder, no control character, no turned-around ending."""
    bare = name.replace("\\", "/").rpartition("/")[2].translate(_TURNING)
    bare = "".join(letter for letter in bare if letter.isprintable()).strip(" .") or "file"
    plain = "".join(letter if letter.isascii() and letter not in '"\\%;' else "_" for letter in bare)
    how = "inline" if inline else "attachment"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(bare, safe='')}"
