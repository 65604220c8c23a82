"""Files brought in: looked at, told what their columns mean, and run to their end, from where they were left.

What a browser or a program uploads is kept sealed and run by the worker; a file the command names is read where it
lies.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import SYSTEM, Actor
from careline.files import actions as files
from careline.files import queries as stored
from careline.files import storage
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.tracking import jobs
from careline.tracking.actions.sources import MANAGE, create_source
from careline.tracking.importing import becoming, columns, formats, looking, running, waiting
from careline.tracking.importing.columns import Columns
from careline.tracking.models import Import, Source

NAME_LIMIT = 200
_KEY = "file_"
NOTHING: Mapping[str, Any] = {}


def upload(
    pieces: Iterable[bytes], *, name: str, actor: Actor, format: str = "", columns: Mapping[str, Any] = NOTHING
) -> Import:
    """Kept sealed, and read far enough to know that it can be. A room above names its format and form."""
    _must(actor)
    name = text.clean(_short(name), field="file", label=_("The file's name"), limit=NAME_LIMIT, required=True)
    format = format or looking.format_of(name)
    with transaction.atomic():
        file = files.store_pieces(pieces, name=name, uploaded_by=f"agent:{actor.agent_id}")
        try:
            with stored.plain(file) as path:
                looking.first_rows(path, format)
        except BaseException:
            storage.remove(file.path)
            raise
        imported = Import.objects.create(
            name=name, format=format, digest=file.sha256, file_id=file.id, size=file.size, agent_id=actor.agent_id,
            state=Import.State.READY, columns=dict(columns),
        )  # fmt: skip
        audit.record("import.uploaded", f"import:{imported.pk}", actor=actor)
    return imported


@transaction.atomic
def start(import_id: int, wanted: Columns | None, *, actor: Actor, source_id: int | None = None) -> Import:
    """Its rows go to the line as these columns say; one that was left goes on, by what was said before."""
    imported = _locked(import_id, actor)
    if imported.file_id is None:
        raise Conflicting(_("This import is over and its file is gone. Bring the file again."))
    if imported.state == Import.State.READY:
        if imported.form:
            raise Conflicting(_("Say first what its columns are taken for."))
        with stored.plain(stored.by_id(imported.file_id)) as path:
            found = looking.first_rows(path, imported.format)
        given = wanted if wanted is not None else looking.guess(found)
        meant = columns.checked(given, formats.columns(found))
        imported.columns, imported.source = msgspec.to_builtins(meant), _source_of(meant, source_id, actor)
    elif not imported.has_ended:
        raise Conflicting(_("This import is under way already."))
    return _off(imported, actor)


@transaction.atomic
def start_as(import_id: int, columns: Mapping[str, Any], *, actor: Actor) -> Import:
    """Of a form a room above knows, with columns as it checked them."""
    imported = _locked(import_id, actor)
    if imported.state != Import.State.READY or imported.file_id is None:
        raise Conflicting(_("This import is under way already."))
    imported.columns = dict(columns)
    return _off(imported, actor)


def _off(imported: Import, actor: Actor) -> Import:
    imported.state, imported.error, imported.ended_at, imported.tries = Import.State.WAITING, "", None, 0
    imported.started_at = imported.started_at or clock.now()
    imported.save()
    audit.record("import.started", f"import:{imported.pk}", actor=actor)
    jobs.run_imports.soon()
    return imported


@transaction.atomic
def stop(import_id: int, *, actor: Actor) -> Import:
    """After the rows that are landing now; they stay, and it can go on later."""
    imported = _locked(import_id, actor)
    if imported.state not in (Import.State.WAITING, Import.State.RUNNING):
        raise Conflicting(_("This import is not under way."))
    imported.state, imported.ended_at = Import.State.STOPPED, clock.now()
    imported.save(update_fields=["state", "ended_at"])
    audit.record("import.stopped", f"import:{imported.pk}", actor=actor)
    return imported


@transaction.atomic
def drop(import_id: int, *, actor: Actor) -> None:
    """It, its file and its list of refused rows go; what is on the line stays there."""
    imported = _locked(import_id, actor)
    if imported.state in (Import.State.WAITING, Import.State.RUNNING):
        raise Conflicting(_("This import is under way. Stop it first."))
    waiting.discard([imported])
    imported.delete()
    audit.record("import.dropped", f"import:{import_id}", actor=actor)


def import_file(
    path: Path, wanted: Columns, *, actor: Actor, told: Callable[[Import], Any], source_id: int | None = None
) -> Import:
    """A file where it lies, here and now; one that was left in the middle is taken up behind what landed."""
    _must(actor)
    format = looking.format_of(path.name)
    checked = columns.checked(wanted, formats.columns(looking.first_rows(path, format)))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return running.run(_begun(path, format, digest, checked, actor, source_id), path, told)


@transaction.atomic
def _begun(path: Path, format: str, digest: str, wanted: Columns, actor: Actor, source_id: int | None) -> Import:
    given, source = msgspec.to_builtins(wanted), _source_of(wanted, source_id, actor)
    left = Import.objects.filter(
        state=Import.State.RUNNING, digest=digest, columns=given, source=source, file_id=None
    ).first()
    if left is not None:
        return left
    imported = Import.objects.create(
        name=path.name[:NAME_LIMIT], format=format, digest=digest, columns=given, source=source,
        size=path.stat().st_size, started_at=clock.now(), agent_id=actor.agent_id,
    )  # fmt: skip
    audit.record("import.started", f"import:{imported.pk}", actor=actor)
    return imported


def _source_of(wanted: Columns, source_id: int | None, actor: Actor) -> Source | None:
    """Whose events they are; profiles are nobody's, and make the attributes that are not there yet."""
    if wanted.form == "profiles":
        becoming.define(wanted.attributes, actor)
        return None
    return _source() if source_id is None else _open(source_id)


def _source() -> Source:
    """One for all files, so that what one brought another does not bring again."""
    found = Source.objects.open().filter(key__startswith=_KEY).order_by("pk").first()
    return found or create_source("Files", "server", actor=SYSTEM, key=_KEY + secrets.token_urlsafe(24))


def _open(source_id: int) -> Source:
    found = Source.objects.open().filter(pk=source_id).first()
    if found is None:
        raise Refused(_("There is no such source, or it is archived."), field="source")
    return found


def _short(name: str) -> str:
    """Its end says what it is, and its beginning which one."""
    return name if len(name) <= NAME_LIMIT else f"{name[:150]}…{name[-49:]}"


def _must(actor: Actor) -> None:
    actor.must(MANAGE)
    actor.must("customers.edit")


def _locked(import_id: int, actor: Actor) -> Import:
    _must(actor)
    imported = Import.objects.select_for_update(of=("self",)).filter(pk=import_id).first()
    if imported is None:
        raise NotVisible(_("There is no such import."))
    return imported
