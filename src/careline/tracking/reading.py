"""A request taken apart: events in one shape, and for each that cannot be one which field was wrong and how.

Only what is no JSON at all, or larger than is allowed, is refused as a whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, overload

import msgspec
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.tracking import limits
from careline.tracking.shapes import Around, Event, Given, Json, Request, Unread, Usual

TYPES = {"identify", "track", "page", "screen", "group", "alias"}
# Clocks that were never set, and zero times of programming languages.
OLDEST = datetime(1971, 1, 1, tzinfo=UTC)


class Unreadable(Refused):
    """No JSON, or too much of it: the one thing a client is told, so that it does not send the same again."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "unreadable"


class Wrong(Exception):
    """Why an event is not taken; the reason is a code, which screens put into words."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field)
        self.field, self.reason = field, reason


_around = msgspec.json.Decoder(Around)
_given = msgspec.json.Decoder(Given)
_usual = msgspec.json.Decoder(Usual)
_list = msgspec.json.Decoder(list[msgspec.Raw])
_any = msgspec.json.Decoder()


def opened(body: bytes, *, is_batch: bool) -> Request:
    """The body within its limits; nothing of it is believed yet."""
    if len(body) > (limits.BATCH if is_batch else limits.EVENT):
        raise _too_large(is_batch)
    try:
        return _opened(body, is_batch)
    except (ValueError, RecursionError) as error:
        why = _("it is nested too deeply") if isinstance(error, RecursionError) else str(error).rstrip(".")
        raise Unreadable(_("The body is not valid JSON: %(why)s.") % {"why": why}) from None


def _opened(body: bytes, is_batch: bool) -> Request:
    try:
        around = _around.decode(body)
    except msgspec.ValidationError:
        _any.decode(body)  # valid, but no object
        return Request([], Around(), Unread("body", "no_object", msgspec.Raw(body)))
    if not is_batch:
        raw = msgspec.Raw(body)
        return Request([(raw, _given.decode(body))], around)
    if not bytes(around.batch):
        return Request([], around, Unread("batch", "missing", msgspec.Raw(body)))
    try:
        raws = _list.decode(around.batch)
    except msgspec.ValidationError:
        return Request([], around, Unread("batch", "no_list", msgspec.Raw(body)))
    if len(raws) > limits.EVENTS:
        raise Unreadable(_("A batch may have at most %(most)s events.") % {"most": limits.EVENTS}, field="batch")
    # Nothing is escaped, so nothing can be what PostgreSQL does not hold.
    one = _one if b"\\u" in body else _usually
    return Request([(raw, one(raw)) for raw in raws], around)


def _usually(raw: msgspec.Raw) -> Given | Usual | None:
    if len(memoryview(raw)) <= limits.EVENT:
        try:
            return _usual.decode(raw)
        except msgspec.ValidationError:
            pass
    return _one(raw)


def _one(raw: msgspec.Raw) -> Given | None:
    if len(memoryview(raw)) > limits.EVENT:
        raise _too_large(False)
    try:
        return _given.decode(raw)
    except msgspec.ValidationError:
        _any.decode(raw)
        return None


def _too_large(is_batch: bool) -> Unreadable:
    if is_batch:
        return Unreadable(_("A batch may have at most 500 KB."), field="batch")
    return Unreadable(_("An event may have at most 32 KB."))


def events(request: Request, *, type: str, received_at: datetime, new_id: Any) -> Iterator[Event | Unread]:
    """Each event in its shape, or what was wrong with it. `type` is the door's; in a batch each says its own."""
    if request.wrong is not None:
        yield request.wrong
    outer = request.around.context if isinstance(request.around.context, dict) else {}
    sent = moment(request.around.sent_at)
    for raw, given in request.pieces:
        if given is None:
            yield Unread("body", "no_object", raw)
            continue
        if isinstance(given, Usual):
            if (event := _plain(given, raw, outer, sent, received_at)) is not None:
                yield event
                continue
            given = _given.decode(raw)
        kind = type or (given.type if isinstance(given.type, str) else "")
        try:
            yield _event(given, raw, kind, outer, sent, received_at, new_id)
        except Wrong as wrong:
            name = given.event if isinstance(given.event, str) else ""
            number = given.message_id if isinstance(given.message_id, str) else ""
            yield Unread(wrong.field, wrong.reason, raw, kind, name, number)


def _plain(given: Usual, raw: msgspec.Raw, outer: Json, sent: datetime | None, received_at: datetime) -> Event | None:
    """The usual event in its shape; nothing when there is more to say of it, such as that a name is blank."""
    user, anonymous, number = given.user_id or "", given.anonymous_id or "", given.message_id
    name = (given.event if given.type == "track" else given.name) or ""
    if number.isspace() or user.isspace() or anonymous.isspace() or name.isspace():
        return None
    if not (user or anonymous) or (not name and given.type == "track"):
        return None
    original = given.original_timestamp or given.timestamp
    occurred_at = received_at
    if original is not None:
        try:
            occurred_at = _told_at(_utc(original), _utc(given.sent_at) or sent, received_at)
        except OverflowError:  # the first or the last hours there are
            return None
    return Event(
        given.type,
        raw,
        number,
        occurred_at,
        user,
        anonymous,
        given.properties or {},
        {},
        {**outer, **given.context} if given.context else outer,
        name,
    )


def _event(
    given: Given, raw: msgspec.Raw, type: str, outer: Json, sent: datetime | None, received_at: datetime, new_id: Any
) -> Event:
    if type not in TYPES:
        raise Wrong("type", "unknown_type")
    read = Event(
        type=type,
        raw=raw,
        message_id=number(given.message_id, "messageId", limits.MESSAGE_ID) or f"given-{new_id()}",
        user=number(given.user_id, "userId", limits.ID),
        anonymous=number(given.anonymous_id, "anonymousId", limits.ID),
        occurred_at=_occurred(given, sent, received_at),
        properties=_object(given.properties, "properties"),
        traits=_object(given.traits, "traits"),
        context={**outer, **context} if (context := _object(given.context, "context")) else outer,
    )
    if type == "alias":
        read.previous = number(given.previous_id, "previousId", limits.ID)
        _must(read.previous, "previousId")
        _must(read.user, "userId")
    elif not read.user and not read.anonymous:
        raise Wrong("userId", "no_user_anon_id")
    if type == "track":
        read.name = number(given.event, "event", limits.NAME)
        _must(read.name, "event")
    elif type in ("page", "screen"):
        read.name = number(given.name, "name", limits.NAME)
        if not read.name:
            read.name = number(given.category, "category", limits.NAME)
    elif type == "group":
        read.group = number(given.group_id, "groupId", limits.NAME)
        _must(read.group, "groupId")
    return read


def _must(value: str, field: str) -> None:
    if not value:
        raise Wrong(field, "missing")


def number(value: Any, field: str, limit: int) -> str:
    """An id or a name: text, or a number as text. Nothing and blank are the same."""
    if value is None:
        return ""
    # Nearly all of them.
    if type(value) is str and value.isascii() and value.isprintable() and value[:1] > " " and len(value) <= limit:
        return value
    written = value if isinstance(value, str) else _figure(value, field)
    if "\0" in written or (not written.isascii() and any("\ud800" <= one <= "\udfff" for one in written)):
        raise Wrong(field, "unstorable")
    if not written.strip():
        return ""
    if len(written) > limit:
        raise Wrong(field, "too_long")
    return written


def _figure(value: Any, field: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(field, "no_text")
    if isinstance(value, float) and not math.isfinite(value):
        raise Wrong(field, "no_text")
    if abs(value) < 1e15 and float(value).is_integer():
        return f"{value:.0f}"
    if isinstance(value, int) and abs(value) > 10**300:
        raise Wrong(field, "too_long")
    return str(value)


def _object(value: Any, field: str) -> Json:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Wrong(field, "no_object")
    return value


def _occurred(given: Given, sent: datetime | None, received_at: datetime) -> datetime:
    """receivedAt - (sentAt - originalTimestamp), and never in the future: a wrong clock of the client cancels out."""
    written = given.original_timestamp if given.original_timestamp is not None else given.timestamp
    field = "originalTimestamp" if given.original_timestamp is not None else "timestamp"
    if written is None or written == "":
        return received_at
    original = moment(written)
    if original is None:
        raise Wrong(field, "no_moment")
    return _told_at(original, moment(given.sent_at) or sent, received_at)


def _told_at(original: datetime, sent: datetime | None, received_at: datetime) -> datetime:
    if original < OLDEST:
        return received_at
    if sent is None or sent < OLDEST:
        return min(original, received_at)
    late: timedelta = sent - original
    try:
        occurred = received_at - late
    except OverflowError:
        return min(original, received_at)
    return min(occurred, received_at) if occurred >= OLDEST else min(original, received_at)


def moment(written: Any) -> datetime | None:
    """ISO 8601; without a zone it is UTC."""
    if not isinstance(written, str) or len(written) > 40:
        return None
    try:
        return _utc(datetime.fromisoformat(written))
    except (ValueError, OverflowError):
        return None


@overload
def _utc(written: datetime) -> datetime: ...
@overload
def _utc(written: None) -> None: ...
def _utc(written: datetime | None) -> datetime | None:
    if written is None or written.tzinfo is UTC:
        return written
    return written.astimezone(UTC) if written.tzinfo is not None else written.replace(tzinfo=UTC)
