"""Files brought in: told what their columns mean, and run to their end, from where they were left."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from django.db import transaction

from careline.accounts import audit
from careline.accounts.actor import SYSTEM, Actor
from careline.tracking.actions.sources import MANAGE, create_source
from careline.tracking.importing import columns, formats, looking, running
from careline.tracking.importing.columns import Columns
from careline.tracking.models import Import, Source

NAME_LIMIT = 200
_KEY = "file_"


def import_file(path: Path, wanted: Columns, *, actor: Actor, told: Callable[[Import], Any]) -> Import:
    """A file where it lies, here and now; one that was left in the middle is taken up behind what landed."""
    actor.must(MANAGE)
    actor.must("customers.edit")
    format = looking.format_of(path.name)
    checked = columns.checked(wanted, formats.columns(looking.first_rows(path, format)))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return running.run(_begun(path.name[:NAME_LIMIT], format, digest, checked, actor), path, told)


@transaction.atomic
def _begun(name: str, format: str, digest: str, wanted: Columns, actor: Actor) -> Import:
    given = msgspec.to_builtins(wanted)
    left = Import.objects.filter(state=Import.State.RUNNING, digest=digest, columns=given).order_by("pk").first()
    if left is not None:
        return left
    imported = Import.objects.create(
        name=name, format=format, digest=digest, columns=given, source=_source(), agent_id=actor.agent_id
    )
    audit.record("import.started", f"import:{imported.pk}", actor=actor)
    return imported


def _source() -> Source:
    """One for all files, so that what one brought another does not bring again."""
    found = Source.objects.open().filter(key__startswith=_KEY).order_by("pk").first()
    return found or create_source("Files", "server", actor=SYSTEM, key=_KEY + secrets.token_urlsafe(24))
