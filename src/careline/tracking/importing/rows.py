"""A row as an event, by what its columns mean; or which field was wrong, and how."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from careline.customers.identities import Given, known
from careline.kit.refusals import Refused
from careline.tracking import limits, mapping, reading
from careline.tracking.importing.cells import Order
from careline.tracking.importing.columns import Columns
from careline.tracking.mapping import Rules, Told
from careline.tracking.meaning import Meaning, at
from careline.tracking.shapes import Event, Json

_NUMBER = re.compile(r"-?\d{9,13}(\.\d{1,9})?")
_SLASHED = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp])?\.?[Mm]?\.?)?"
)
# Seconds since 1970 of some year far off: what is larger are milliseconds.
_MILLISECONDS = 10**11
_encode = msgspec.json.Encoder(order="deterministic", decimal_format="number").encode
Wrong = reading.Wrong


class Reader:
    """Rows of one file; the house's rules say what an event of a name is."""

    def __init__(self, columns: Columns, own: Rules, currency: str, received_at: datetime) -> None:
        self.columns, self.own, self.currency, self.received_at = columns, own, currency, received_at
        self.zone = ZoneInfo(columns.zone)
        self.apart = {columns.person, columns.time, columns.id, columns.event}
        self.needed = {
            part for one in (columns.journey, columns.value, columns.currency) for part in (one, one.split(".")[0])
        }

    def read(self, row: Json) -> tuple[Event, Told, bool]:
        """The last is whether its number is made of its content, for no column gives one."""
        columns = self.columns
        event = Event(
            type="track",
            raw=msgspec.Raw(),
            message_id="",
            occurred_at=self._occurred(at(row, columns.time)),
            user="",
            anonymous="",
            properties=self._properties(row),
            traits={},
            context={},
            name=written(row, columns.event, limits.NAME) if columns.event else columns.event_name,
        )
        who = written(row, columns.person, limits.ID)
        self._named(event, who)
        given = written(row, columns.id, 2000, must=False) if columns.id else ""
        told = self._told(row, event)
        content = [columns.person_kind, who, event.name, event.occurred_at, told.journey, event.properties]
        event.message_id = f"id-{digest(given)}" if given else f"row-{digest(content)}"
        event.raw = msgspec.Raw(_encode({"event": event.name, "properties": event.properties}))
        if len(bytes(event.raw)) > limits.EVENT:
            raise Wrong("row", "too_long")
        return event, told, not given

    def _named(self, event: Event, who: str) -> None:
        kind = self.columns.person_kind
        if kind == "external":
            event.user = who
        elif kind == "visitor":
            event.anonymous = who
        else:
            try:
                event.place = known(Given(kind, who)).place
            except Refused:
                raise Wrong(self.columns.person, "no_name") from None

    def _told(self, row: Json, event: Event) -> Told:
        columns = self.columns
        properties = event.properties
        meaning = mapping.meant(event.name, self.own)
        if columns.journey or columns.value:
            meaning = meaning or Meaning("event.tracked")
            if columns.journey:
                number = written(row, columns.journey, limits.NAME, must=False)
                more = ((columns.journey_noun, columns.journey),) if number else ()
                meaning = msgspec.structs.replace(meaning, journeys=more + meaning.journeys)
            if columns.value:
                worth = at(properties, columns.value)
                if worth is not None and mapping.amount(worth) is None:
                    raise Wrong(columns.value, "no_number")
                meaning = msgspec.structs.replace(
                    meaning,
                    value=(columns.value,),
                    currency=(columns.currency,) if columns.currency else meaning.currency or ("currency",),
                )
        return mapping.track(event.name, properties, meaning, self.currency)

    def _properties(self, row: Json) -> Json:
        kept = self.columns.properties
        found: Json = {}
        for name, value in row.items():
            wanted = name not in self.apart if kept is None else name in kept
            if (wanted or name in self.needed) and value is not None and value != "":
                found[name] = _plain(name, value)
        return found

    def _occurred(self, value: Any) -> datetime:
        column = self.columns.time
        if value is None or value == "":
            raise Wrong(column, "missing")
        try:
            found = moment(value, self.columns.order, self.zone)
        except (ValueError, OverflowError, OSError):
            raise Wrong(column, "no_moment") from None
        if found > self.received_at + timedelta(seconds=1):
            raise Wrong(column, "future")
        return found


def moment(value: Any, order: Order, zone: ZoneInfo) -> datetime:
    """When a cell says it was, in UTC; ValueError, OverflowError or OSError where it says no time."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001  # its zone comes below
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, int | float | Decimal) or (isinstance(value, str) and _NUMBER.fullmatch(value.strip())):
        seconds = float(value)
        return datetime.fromtimestamp(seconds / 1000 if abs(seconds) >= _MILLISECONDS else seconds, UTC)
    found = value if isinstance(value, datetime) else _of_words(str(value).strip(), order)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _of_words(value: str, order: Order) -> datetime:
    if len(value) > 40:
        raise ValueError(value)
    if order == "auto" or not (found := _SLASHED.fullmatch(value)):
        return datetime.fromisoformat(value)
    first, second, year, hour, minute, seconds, half = found.groups()
    month, day = (first, second) if order == "month_first" else (second, first)
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(value)
        hours = hours % 12 + (12 if half in "Pp" else 0)
    return datetime(int(year), int(month), int(day), hours, int(minute or 0), int(seconds or 0))  # noqa: DTZ001


def sound(row: Json | str) -> Json:
    """Or Wrong for one that is none."""
    if isinstance(row, str):
        raise Wrong("", row)
    return row


def written(row: Json, column: str, limit: int, *, must: bool = True) -> str:
    """What stands in a column, as text."""
    value = at(row, column)
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    try:
        found = reading.number(value, column, limit).strip()
    except Wrong as wrong:
        raise Wrong(column, wrong.reason) from None
    if must and not found:
        raise Wrong(column, "missing")
    return found


def digest(content: object) -> str:
    return hashlib.sha256(_encode(content)).hexdigest()[:40]


def _plain(name: str, value: Any) -> Any:
    """As JSON has it."""
    try:
        found = msgspec.json.decode(_encode(value))
    except (TypeError, ValueError, RecursionError):
        raise Wrong(name, "unstorable") from None
    return found
