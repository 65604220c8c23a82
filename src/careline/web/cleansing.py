"""How far the disk is clean of what went, in words: for the page of who was erased and for the settings."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.utils.translation import gettext as _

from careline.privacy.queries import Cleaning


class Drawn(msgspec.Struct, frozen=True):
    person_id: int | None
    at: datetime
    clean_at: datetime | None
    clean_by: datetime
    late: bool
    urgent: bool
    step: int
    steps: int
    left: list[str]


def drawn(one: Cleaning) -> Drawn:
    words = left()
    return Drawn(
        person_id=one.person_id,
        at=one.at,
        clean_at=one.clean_at,
        clean_by=one.clean_by,
        late=one.late,
        urgent=one.urgent,
        step=one.step,
        steps=one.steps,
        left=[words[code] for code in one.left],
    )


def left() -> dict[str, str]:
    """What stood in the way, or what the database does not let us do."""
    refused = _("The database does not let Careline renew its log of changes.")
    return {
        "readers": _("An older transaction may still look at what is gone; it is tried again."),
        "tables": _("Tables were in use the whole time; it is tried again."),
        "copy": _("The columnar copy was not renewed in time; it is tried again."),
        "log_setting": refused,
        "log_refused": refused,
        "log_kept": _("The database keeps old files of its log of changes for others."),
        "elsewhere": _("The database gives its changes to an archive or to other servers, which keep their own rules."),
        "leftovers": _("The database was killed once and may have left a file that only its keeper can remove."),
        "large": _("A table was too large to be written anew at night; freed room holds bytes until it is used."),
    }
