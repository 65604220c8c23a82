"""What a request says, read the same way at both doors and refused in words that name the field."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast
from urllib.parse import parse_qsl

import msgspec
from msgspec import inspect, structs

from careline.api.problems import NotKnown, Unreadable, WrongType
from careline.kit.refusals import Refused, TooLarge

LARGEST = 1024 * 1024
# A file and the form around it, in MB: most are kept for somebody to open, those of imports are read in pieces.
UPLOADS = {
    "/api/v1/imports": 512,
    "/api/v1/answer-imports": 512,
    "/api/v1/histories": 512,
    "/api/v1/article-imports": 50,
}
UPLOAD = 25
FORM_AROUND = 1024 * 1024
LONGEST_PAGE = 200
PAGE = 50
BIGINT = 2**63
Shape = TypeVar("Shape")
_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}
_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
_PLACE = re.compile(r"(?P<what>.*?)(?: - at `(?P<in_key>key in )?\$(?P<place>.*)`)?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<name>\w+)`")
_PLAIN = {
    "str": "text", "int": "a whole number", "float": "a number", "bool": "true or false", "null": "null",
    "array": "a list", "object": "an object", "datetime": "a moment", "date": "a date",
}  # fmt: skip


class Page(NamedTuple):
    limit: int
    cursor: str | None


def secret(authorization: str | None) -> str:
    """The token of `Authorization: Bearer TOKEN`."""
    scheme, _space, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotKnown("Send an API token: Authorization: Bearer TOKEN.")
    return token.strip()


def not_known() -> NotKnown:
    return NotKnown("This API token is not valid, or was revoked.")


def number(given: str | int) -> int:
    """The id as the database knows it; 0, which nothing has, for anything that cannot be one."""
    if isinstance(given, int):
        return given if 0 < given < BIGINT else 0
    if not _ID.fullmatch(given):
        return 0
    found = int(given)
    return found if found < BIGINT else 0


def must_be_json(content_type: str | None) -> None:
    said = (content_type or "").partition(";")[0].strip().lower()
    if said != "application/json":
        raise WrongType("Send JSON: Content-Type: application/json.")


def must_fit(size: int, most: int = LARGEST) -> None:
    if size > most:
        raise TooLarge(f"A request may have at most {most // 1024**2} MB.")


def must_fit_upload(size: int, path: str) -> None:
    most = UPLOADS.get(path, UPLOAD)
    if size > most * 1024 * 1024 + FORM_AROUND:
        raise TooLarge(f"A file may have at most {most} MB.", field="file")


def query(raw: str) -> dict[str, str]:
    """The parameters of an address; of a repeated one the last counts."""
    if not raw:
        return {}
    try:
        return dict(parse_qsl(raw, keep_blank_values=True, max_num_fields=50))
    except ValueError:
        raise Unreadable("The address has too many parameters.") from None


def several(raw: str, name: str) -> list[str]:
    """Every value of a parameter that may be repeated."""
    try:
        return [value for key, value in parse_qsl(raw, keep_blank_values=True, max_num_fields=50) if key == name]
    except ValueError:
        raise Unreadable("The address has too many parameters.") from None


def page(given: Mapping[str, str]) -> Page:
    said = given.get("limit")
    limit = PAGE if said is None else int(said) if _COUNT.fullmatch(said) else 0
    if not 0 < limit <= LONGEST_PAGE:
        raise Refused(f"limit is a number from 1 to {LONGEST_PAGE}.", field="limit")
    return Page(limit, given.get("cursor") or None)


def choice(given: Mapping[str, str], name: str, offered: tuple[str, ...], default: str) -> str:
    said = given.get(name, default)
    if said not in offered:
        raise Refused(f"{name} is one of: {', '.join(offered)}.", field=name)
    return said


def decoded(raw: bytes, shape: type[Shape]) -> Shape:
    decoder = _decoders.get(shape)
    if decoder is None:
        decoder = _decoders[shape] = msgspec.json.Decoder(shape)
    try:
        found: Shape = decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise _in_words(str(error)) from None
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error).rstrip(".")
        raise Unreadable(f"The body is not valid JSON: {why}.") from None
    for name in _moments(cast(Hashable, shape)):
        _settle(found, name)
    return found


@cache
def _moments(shape: Hashable) -> tuple[str, ...]:
    """The fields of a shape that hold a moment."""
    read = inspect.type_info(shape)
    if not isinstance(read, inspect.StructType):
        return ()
    kinds = (
        (one.name, one.type.types if isinstance(one.type, inspect.UnionType) else (one.type,)) for one in read.fields
    )
    return tuple(name for name, types in kinds if any(isinstance(one, inspect.DateTimeType) for one in types))


def _settle(found: Any, name: str) -> None:
    """In UTC: JSON has zones, such as +17:25, that PostgreSQL knows nothing of."""
    at = getattr(found, name)
    if isinstance(at, datetime) and at.tzinfo is not None:
        try:
            structs.force_setattr(found, name, at.astimezone(UTC))
        except OverflowError:
            raise Unreadable(f"{name}: not a moment of the years 1 to 9999.", field=name) from None


def _in_words(message: str) -> Unreadable:
    """A sentence of the decoder, such as "Expected `str`, got `int` - at `$.customer.name`"."""
    parts = _PLACE.fullmatch(message)
    assert parts is not None  # the pattern takes any text
    what, place = parts["what"], (parts["place"] or "").lstrip(".")
    missing = _MISSING.fullmatch(what)
    if missing:
        field = f"{place}.{missing['name']}" if place else missing["name"]
        return Unreadable(f"{field} is missing.", field=field)
    words = re.sub(r"`([^`]+)`", lambda found: _plain(found[1]), what)
    words = words[:1].lower() + words[1:]
    return Unreadable(f"{place or 'The body'}: {words}.", field=place or None)


def _plain(kinds: str) -> str:
    return " or ".join(_PLAIN.get(kind, kind) for kind in kinds.split(" | "))
