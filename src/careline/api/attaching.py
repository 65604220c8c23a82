"""Files of a message: uploaded before by the same agent, for the same customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from careline.accounts.actor import Actor
from careline.customers import queries as people
from careline.files import queries as stored
from careline.kit.refusals import NotVisible

StoredFile = Any  # a row of the files room, passed through and never looked into by its type


def uploader(actor: Actor) -> str:
    return f"agent:{actor.agent_id}"


def files(ids: Sequence[str] | None, *, actor: Actor) -> list[StoredFile]:
    """In the order they were named."""
    if not ids:
        return []
    wanted = list(dict.fromkeys(_uuid(given) for given in ids))
    found = {id: file for id, file in stored.by_ids(wanted).items() if file.uploaded_by == uploader(actor)}
    if len(found) < len(wanted):
        raise _unknown()
    return [found[id] for id in wanted]


def must_belong(files: Sequence[StoredFile], *, person_id: int) -> None:
    """Called in the transaction of the message: a file of somebody else undoes it."""
    if not files:
        return
    stands = people.canonical_of({person_id, *(file.person_id for file in files)})
    if any(stands.get(file.person_id) != stands[person_id] for file in files):
        raise _unknown()


def _uuid(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise _unknown() from None


def _unknown() -> NotVisible:
    return NotVisible("There is no such file for this customer.", field="attachments")
