"""The columnar copy as a Parquet file, for a warehouse of somebody's own: beyond the reach of any later erasure."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.insights.warehouse import parquet
from careline.insights.warehouse.copy import keeping
from careline.insights.warehouse.reading import reading
from careline.insights.warehouse.sight import Sight
from careline.kit.refusals import Refused


class Extract(msgspec.Struct, frozen=True):
    """What was written, and until when the copy held everything."""

    moments: int
    customers: int
    as_of: datetime


def write(
    actor: Actor, path: Path, *, since: datetime | None = None, before: datetime | None = None
) -> Extract:  # fmt: skip
    """Moments the actor sees, by customer and time; into a new file that is read by its owner alone."""
    for permission in ("reports.view", "customers.view", "customers.export"):
        actor.must(permission)
    keeping.follow()
    inboxes = None if actor.may("inboxes.view_all") else tuple(actor.inbox_ids)
    with reading() as copy:
        if copy.manifest is None:
            raise Refused(_("There is no copy yet: it is made with the first moment on somebody's line."))
        look = copy.sight(Sight(inboxes=inboxes, since=since, before=before))
        audit.record("journeys.exported", "journeys:parquet", actor=actor)
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            raise Refused(_("%(path)s is there already.") % {"path": path}) from None
        try:
            moments, customers = parquet.write(copy.conn, look, path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Extract(moments, customers, copy.manifest.as_of.astimezone(UTC))
