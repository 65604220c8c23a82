"""Store bytes, and make them unreadable for good."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.db.models import QuerySet

from careline.files import sniff, storage
from careline.files.limits import LARGEST, LARGEST_IN_PIECES, PICTURES
from careline.files.models import PersonKey, StoredFile
from careline.files.sealing import key_context, opened_key, seal_content, seal_pieces
from careline.kit import clock, ids, signing, text
from careline.kit.refusals import Refused, TooLarge
from careline.kit.sentences import lasting as _
from careline.kit.statement import Statement


class _Key(msgspec.Struct, frozen=True):
    person_id: int
    sealed_key: bytes


_KEYS = Statement(
    """WITH given AS (
      SELECT * FROM unnest(%(people)s::bigint[], %(fresh)s::text[]) AS given (person_id, fresh)),
    kept AS (
      SELECT k.person_id, k.sealed_key FROM files_personkey k
      WHERE k.person_id = ANY(%(people)s::bigint[]) ORDER BY k.person_id FOR UPDATE),
    made AS (
      INSERT INTO files_personkey (person_id, sealed_key)
      SELECT g.person_id, decode(g.fresh, 'hex') FROM given g
      WHERE NOT EXISTS (SELECT FROM kept k WHERE k.person_id = g.person_id)
      ON CONFLICT DO NOTHING RETURNING person_id, sealed_key)
    SELECT person_id, sealed_key FROM kept UNION ALL SELECT person_id, sealed_key FROM made""",
    _Key,
)
# A file whose transaction is still open has no row yet; nothing younger is taken for an orphan.
_GRACE = timedelta(hours=6)


class Given(msgspec.Struct, frozen=True):
    """A file as somebody hands it over."""

    content: bytes
    name: str
    media_type: str = ""


def store(
    content: bytes,
    *,
    name: str,
    media_type: str = "",
    person_id: int | None = None,
    uploaded_by: str = "",
    largest: int = LARGEST,
) -> StoredFile:
    """Keep a file for somebody; what it is called is kept as it was written, what it is, is judged by its bytes."""
    given = Given(content, name, media_type)
    [file] = store_all([given], person_id=person_id, uploaded_by=uploaded_by, largest=largest)
    return file


def store_all(
    given: Sequence[Given], *, person_id: int | None = None, uploaded_by: str = "", largest: int = LARGEST
) -> list[StoredFile]:
    """Several at once, in their order; all of them or, with one that is not accepted, none."""
    found = [judged(one, uploaded_by=uploaded_by, largest=largest) for one in given]
    for file in found:
        file.person_id = person_id
    keep([(file, one.content) for file, one in zip(found, given, strict=True)])
    return found


def judged(one: Given, *, uploaded_by: str = "", largest: int = LARGEST) -> StoredFile:
    """The row it will have, whosever it is; Refused when the house does not take it. Nothing is written."""
    name = _accepted_name(one.name)
    refuse_unwanted(one.content, name, largest)
    kind, now = sniff.media_type(one.content, one.media_type), clock.now()
    file = StoredFile(
        id=ids.uuid7(), name=name, media_type=kind, size=len(one.content),
        sha256=hashlib.sha256(one.content).hexdigest(), inline=kind in PICTURES, uploaded_by=uploaded_by,
        created_at=now,
    )  # fmt: skip
    file.path = f"{now:%Y/%m}/{file.id.hex}"
    return file


def keep(files: Sequence[tuple[StoredFile, bytes]]) -> None:
    """Write what was judged, each under the key of its person; all of it or nothing."""
    if not files:
        return
    # Where somebody holds a transaction these belong to it; a savepoint each would cost more than the rows.
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        written: list[str] = []
        keys = keys_of(file.person_id for file, _content in files if file.person_id is not None)
        try:
            for file, content in files:
                key = None if file.person_id is None else keys[file.person_id]
                storage.write(file.path, [seal_content(content, file.id, key)])
                written.append(file.path)
            StoredFile.objects.bulk_create(file for file, _content in files)
        except BaseException:
            _remove(written)
            raise


@transaction.atomic
def store_pieces(pieces: Iterable[bytes], *, name: str, uploaded_by: str = "") -> StoredFile:
    """A file of the house that may be larger than memory is to grow; nobody is ever served it."""
    file = StoredFile(
        id=ids.uuid7(), name=_accepted_name(name), media_type=sniff.UNKNOWN, uploaded_by=uploaded_by, size=0,
        created_at=clock.now(),
    )  # fmt: skip
    file.path = f"{file.created_at:%Y/%m}/{file.id.hex}"
    digest = hashlib.sha256()

    def counted() -> Iterator[bytes]:
        for piece in pieces:
            file.size += len(piece)
            if file.size > LARGEST_IN_PIECES:
                raise TooLarge(_("A file may have at most 512 MB."), field="file")
            digest.update(piece)
            if piece:
                yield piece

    storage.write(file.path, seal_pieces(counted(), file.id))
    file.sha256 = digest.hexdigest()
    try:
        if not file.size:
            raise Refused(_("The file is empty."), field="file")
        file.save(force_insert=True)
    except BaseException:
        storage.remove(file.path)
        raise
    return file


@transaction.atomic
def erase(person_id: int) -> int:
    """Destroy the person's key and their bytes; the rows stay and say only that something was there."""
    PersonKey.objects.select_for_update().filter(person_id=person_id).first()
    erased = _emptied(StoredFile.objects.filter(person_id=person_id, erased_at=None))
    PersonKey.objects.filter(person_id=person_id).delete()
    return erased


@transaction.atomic
def discard_older(before: datetime, limit: int) -> int:
    """The bytes of files that grew old; the person's key stays for what is younger. Pictures of the house stay."""
    old = StoredFile.objects.select_for_update().filter(erased_at=None, created_at__lt=before)
    old = old.exclude(person_id=None, inline=True)
    return _emptied(
        StoredFile.objects.filter(pk__in=list(old.order_by("created_at")[:limit].values_list("pk", flat=True)))
    )


@transaction.atomic
def discard(file_ids: Collection[UUID]) -> int:
    """The bytes of these files, whatever their age."""
    return _emptied(StoredFile.objects.filter(pk__in=file_ids, erased_at=None))


def _emptied(files: QuerySet[StoredFile]) -> int:
    paths = list(files.values_list("path", flat=True))
    emptied = files.update(erased_at=clock.now(), name="", path="", sha256="", uploaded_by="")
    transaction.on_commit(lambda: _remove(paths))
    return emptied


def purge_orphans() -> int:
    """Remove bytes that no row knows: their transaction was rolled back, or the process ended in the middle."""
    removed = 0
    batch: list[str] = []
    for path in storage.older_than((clock.now() - _GRACE).timestamp()):
        batch.append(path)
        if len(batch) == 500:
            removed += _remove_unknown(batch)
            batch = []
    return removed + _remove_unknown(batch)


def _remove(paths: list[str]) -> None:
    for path in paths:
        storage.remove(path)


def _remove_unknown(paths: list[str]) -> int:
    known = set(StoredFile.objects.filter(path__in=paths).values_list("path", flat=True))
    orphans = [path for path in paths if path not in known]
    _remove(orphans)
    return len(orphans)


def _accepted_name(name: str) -> str:
    # A file is not lost over half a character in its name; everything else stays as written.
    name = name.replace("\0", "").encode(errors="ignore").decode()
    return text.clean(name, field="name", label=str(_("The file's name")), limit=500)


def refuse_unwanted(content: bytes, name: str, largest: int) -> None:
    if not content:
        raise Refused(_("The file is empty."), field="file")
    if len(content) > largest:
        sizes = {"most": largest // (1024 * 1024), "size": len(content) / 1024 / 1024}
        raise TooLarge(_("A file may have at most %(most)s MB; this one has %(size).1f MB.") % sizes, field="file")
    if sniff.is_program(content, name):
        raise Refused(
            _("Programs, installers, shortcuts and scripts that run when opened are not accepted."), field="file"
        )


def key_of(person_id: int | None) -> bytes | None:
    """The person's key, made on their first file, and held until this transaction ends: erasure waits for the row."""
    return None if person_id is None else keys_of([person_id])[person_id]


def keys_of(person_ids: Iterable[int]) -> dict[int, bytes]:
    """The same for several people, in one statement."""
    found: dict[int, bytes] = {}
    wanted = sorted(set(person_ids))
    while missing := [one for one in wanted if one not in found]:  # an erasure may take a key away meanwhile
        fresh = [signing.seal(os.urandom(32), key_context(one)).hex() for one in missing]
        for row in _KEYS.all(people=missing, fresh=fresh):
            found[row.person_id] = opened_key(row.sealed_key, row.person_id)
    return found
