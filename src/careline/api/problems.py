"""Why a request was not carried out, in one form whichever door it came through (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar, NamedTuple

import msgspec
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from msgspec import UNSET

from careline.api.shapes import Problem
from careline.kit import outages
from careline.kit.refusals import NotVisible, Refused, TooLarge, TooMany

TYPE = "application/problem+json"
AWAY = "The database did not answer. Try again; with the same client_id or Idempotency-Key nothing is written twice."
FULL = "There is no room left to store this. Nothing was written."
FAULT = "Something went wrong here. It was written to the log; trying again may help."
_log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: Mapping[str, str]


class NotKnown(Refused):
    """Nobody knows who is asking."""

    status: ClassVar[int] = 401
    code: ClassVar[str] = "not_authenticated"


class Forged(Refused):
    """A delivery that its sender did not sign."""

    status: ClassVar[int] = 401
    code: ClassVar[str] = "not_genuine"


class NoLength(Refused):
    status: ClassVar[int] = 411
    code: ClassVar[str] = "length_required"


class WrongType(Refused):
    status: ClassVar[int] = 415
    code: ClassVar[str] = "wrong_media_type"


class Unreadable(Refused):
    """Not JSON, or not in the shape that was asked for."""

    code: ClassVar[str] = "unreadable"


class WrongMethod(Refused):
    status: ClassVar[int] = 405
    code: ClassVar[str] = "method_not_allowed"

    def __init__(self, allowed: str) -> None:
        methods = {word.strip() for word in allowed.split(",")}
        self.allowed = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
        super().__init__(f"This resource takes {self.allowed}.")


def nothing_here() -> NotVisible:
    return NotVisible("There is nothing at this address; /api/v1/docs lists what there is.")


def of(error: BaseException) -> Answer:
    """A refusal in its own words; a fault in ours, with the rest in the log."""
    if isinstance(error, Refused):
        return _told(error.status, str(error), error.code, field=error.field, headers=_headers(error))
    if isinstance(error, Http404):
        return of(nothing_here())
    if isinstance(error, RequestDataTooBig):
        return of(TooLarge("The request is larger than is accepted here."))
    if isinstance(error, (SuspiciousOperation, UnreadablePostError, MultiPartParserError)):
        return of(Unreadable("The request could not be read."))
    if outages.is_full(error):
        _log.error("The disk of the database is full.")
        return _told(507, FULL, "storage_full")
    if outages.is_away(error):
        _log.warning("The database did not answer: %s", type(error).__name__)
        return _told(503, AWAY, "unavailable", headers={"Retry-After": "2"})
    _log.error("A request failed.", exc_info=error)
    return _told(500, FAULT, "fault")


def _headers(refusal: Refused) -> dict[str, str]:
    if isinstance(refusal, NotKnown):
        return {"WWW-Authenticate": 'Bearer realm="careline"'}
    if isinstance(refusal, Forged):
        return {"WWW-Authenticate": 'Signature realm="careline"'}
    if isinstance(refusal, TooMany) and refusal.retry_after is not None:
        return {"Retry-After": str(refusal.retry_after)}
    if isinstance(refusal, WrongMethod):
        return {"Allow": refusal.allowed}
    return {}


def _told(
    status: int, detail: str, code: str, *, field: str | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    title = HTTPStatus(status).phrase
    problem = Problem("about:blank", title, status, detail, code, UNSET if field is None else field)
    return Answer(status, _encode(problem), {"Content-Type": TYPE, **(headers or {})})
