"""A visitor of the chat and the device whose pages were tracked are one, as far as the rules of events allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from careline import touchpoints
from careline.customers import resolving
from careline.kit import clock
from careline.tracking import limits, naming
from careline.tracking.shapes import Event

Place = tuple[str, str, str]


def meet(places: Sequence[Place], *, device: str = "", traits: Mapping[str, str] | None = None) -> None:
    """Whoever is known by these secrets of the chat was on this device, and says of themselves what `traits` say.

    A device proves nothing, and neither does an address in a page: as with events of a page, only what nobody proved
    is joined, and no thread opens by it (`service.conversations.hot.pieces.OWN_IDS`).
    """
    if device and not is_device(device):
        device = ""
    now = clock.now()
    events = [
        Event(
            type="identify", raw=msgspec.Raw(), message_id="", occurred_at=now, user="", anonymous=device,
            properties={}, traits=dict(traits or {}), context={}, place=place,
        )
        for place in places
    ]  # fmt: skip
    if not (device or traits) or not events:
        return

    def land(may_join: bool) -> None:
        # Whoever was erased meanwhile is not made again by it.
        known = {place for place, _owner in resolving.owners(places)}
        _nodes, named = naming.resolve([one for one in events if one.place in known], proves=False, may_join=may_join)
        touchpoints.record_many(naming.told(named, now))

    naming.held(land)


def is_device(value: str) -> bool:
    """What the tracking API would take for the number of a device."""
    return 0 < len(value) <= limits.ID and value.isprintable() and not value.isspace()
