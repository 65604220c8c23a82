"""Where the next page begins: the place of the last item told, opaque to others and checked when it comes back."""

from __future__ import annotations

import base64
import re
import uuid
from datetime import UTC, datetime, timedelta

from careline.kit.refusals import Refused

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WIRE = re.compile(r"[A-Za-z0-9_-]{1,2000}")


def of_number(kind: str, number: int) -> str:
    return _written(kind, str(number))


def number(kind: str, cursor: str, *, below: int = 2**63) -> int:
    (found,) = _read(kind, cursor, r"(\d{1,19})")
    if int(found) >= below:
        raise _foreign()
    return int(found)


def of_time(kind: str, at: datetime, id: int | uuid.UUID) -> str:
    return _written(kind, f"{(at - _EPOCH) // _MICROSECOND}.{id}")


def time_and_number(kind: str, cursor: str) -> tuple[datetime, int]:
    micros, found = _read(kind, cursor, r"(-?\d{1,17})\.(\d{1,19})")
    if int(found) >= 2**63:
        raise _foreign()
    return _time(micros), int(found)


def time_and_uuid(kind: str, cursor: str) -> tuple[datetime, uuid.UUID]:
    micros, found = _read(kind, cursor, r"(-?\d{1,17})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
    return _time(micros), uuid.UUID(found)


def of_text(kind: str, text: str, id: int) -> str:
    return _written(kind, f"{id}.{text}")


def text_and_number(kind: str, cursor: str) -> tuple[str, int]:
    found, text = _read(kind, cursor, r"(\d{1,19})\.(.*)")
    if int(found) >= 2**63 or "\0" in text:
        raise _foreign()
    return text, int(found)


def _written(kind: str, place: str) -> str:
    return base64.urlsafe_b64encode(f"{kind}:{place}".encode()).rstrip(b"=").decode()


def _read(kind: str, cursor: str, pattern: str) -> tuple[str, ...]:
    if not _WIRE.fullmatch(cursor):
        raise _foreign()
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        raise _foreign() from None
    found = re.fullmatch(f"{kind}:{pattern}", plain, re.ASCII | re.DOTALL)
    if found is None:
        raise _foreign()
    return found.groups()


def _time(micros: str) -> datetime:
    try:
        return _EPOCH + int(micros) * _MICROSECOND
    except OverflowError:
        raise _foreign() from None


def _foreign() -> Refused:
    return Refused("cursor is not one that this list gave.", field="cursor")
