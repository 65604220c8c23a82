"""Looking at the line, as far as the viewer may."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit.refusals import NotAllowed
from careline.touchpoints.hot import BEFORE, NARROWED, NEWEST, NEWEST_OF_KINDS
from careline.touchpoints.kinds import KINDS
from careline.touchpoints.models import Parked
from careline.touchpoints.moments import Moment

Position = tuple[datetime, uuid.UUID]
LONGEST = 500
# After every moment there can be.
END: Position = (datetime(9999, 1, 1, tzinfo=UTC), uuid.UUID(int=2**128 - 1))


class Trouble(msgspec.Struct, frozen=True):
    """A touchpoint some subscriber could not take."""

    subscriber: str
    touchpoint_id: uuid.UUID
    at: datetime
    error: str


def newest(people: Sequence[int], *, kinds: Sequence[str], limit: int) -> list[Moment]:
    """The last moments of some kinds, for rooms that work something out of them; no door shows these to anybody."""
    return [row.moment() for row in NEWEST_OF_KINDS.all(people=list(people), kinds=list(kinds), limit=limit)]


def line(
    actor: Actor,
    people: Sequence[int],
    before: Position | None = None,
    limit: int = 50,
    *,
    kinds: Sequence[str] = (),
    channel: str = "",
) -> list[Moment]:
    """The newest moments of a person under all their ids, or those before a position (occurred_at, id).

    Moments of an inbox need that inbox and `conversations.view`; those of no inbox need `customers.view`. With `kinds`
    or a `channel` only such moments; of the kinds all when none is named.
    """
    beside = actor.may("customers.view")
    inboxes = list(actor.inbox_ids) if actor.may("conversations.view") else []
    if not beside and not inboxes:
        raise NotAllowed(_("Your role does not allow this: %(what)s.") % {"what": _("see customers")})
    given = {"people": list(people), "inboxes": inboxes, "beside": beside, "limit": max(0, min(limit, LONGEST))}
    if kinds or channel:
        at, id = before or END
        found = NARROWED.all(**given, at=at, id=id, kinds=list(kinds or KINDS), channel=channel)
        return [row.moment() for row in found]
    if before is None:
        return [row.moment() for row in NEWEST.all(**given)]
    return [row.moment() for row in BEFORE.all(**given, at=before[0], id=before[1])]


def parked() -> list[Trouble]:
    """What subscribers could not take, the oldest first; for whoever runs the installation."""
    return [
        Trouble(row.subscriber, row.touchpoint_id, row.at, row.error)
        for row in Parked.objects.exclude(error="").order_by("id")[:1000]
    ]
