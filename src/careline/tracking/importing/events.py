"""Lines as clients of the tracking API send them: read by the same words as at its doors, but as history."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec

from careline.kit import ids
from careline.tracking import limits, mapping, reading
from careline.tracking.mapping import Rules, Told
from careline.tracking.reading import Wrong
from careline.tracking.shapes import Around, Event, Given, Json, Request, Unread

_encode = msgspec.json.Encoder(order="deterministic", decimal_format="number").encode
_given = msgspec.json.Decoder(Given)
_IDS = ("userId", "anonymousId", "previousId")


def are_events(rows: Sequence[Json]) -> bool:
    """Nearly all of them, as a few may be broken."""
    typed = [row for row in rows if row.get("type") in reading.TYPES]
    named = [row for row in typed if any(name in row for name in _IDS)]
    return bool(rows) and len(typed) >= 0.9 * len(rows) and 2 * len(named) >= len(typed)


class Reader:
    """What a line says of itself is all there is to know."""

    def __init__(self, own: Rules, currency: str, received_at: datetime) -> None:
        self.own, self.currency, self.received_at = own, currency, received_at

    def read(self, row: Json) -> tuple[Event, Told, bool]:
        """The last is whether its number is made of its content, for it brought none."""
        raw = msgspec.Raw(_encode(row))
        if len(bytes(raw)) > limits.EVENT:
            raise Wrong("row", "too_long")
        given = _given.decode(raw)
        request = Request([(raw, given)], Around())
        [event] = reading.events(request, type="", received_at=self._received(given), new_id=ids.uuid7)
        if isinstance(event, Unread):
            raise Wrong(event.field, event.reason)
        by_content = not reading.number(given.message_id, "messageId", limits.MESSAGE_ID)
        if by_content:
            event.message_id = f"row-{hashlib.sha256(bytes(raw)).hexdigest()[:40]}"
        return event, mapping.told(event, self.own, self.currency), by_content

    def _received(self, given: Given) -> datetime:
        """When it came, where that was written down: a wrong clock cancels out against that and not against today."""
        if given.original_timestamp in (None, "") and given.timestamp in (None, ""):
            raise Wrong("timestamp", "missing")
        came = reading.moment(given.received_at) or reading.moment(given.sent_at)
        return min(came, self.received_at) if came is not None and came >= reading.OLDEST else self.received_at
