"""Codes of the tracking room in words: why an event was refused, what sort of source it came from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

import msgspec
from django.utils.translation import gettext as _

from careline.tracking import reasons


class Sighting(Protocol):
    """What is read of one."""

    pk: int
    at: datetime
    type: str
    event: str
    outcome: str
    field: str
    reason: str
    kind: str
    person_id: int | None
    raw: str


class Line(msgspec.Struct, frozen=True):
    number: int
    at: datetime
    name: str
    type: str
    outcome: str
    outcome_word: str
    why: str
    field: str
    kind: str
    customer: str
    raw: str


def sides() -> list[tuple[str, str]]:
    return [("client", _("A site or an app")), ("server", _("A server of ours"))]


def outcome(code: str) -> str:
    return {"accepted": _("taken"), "refused": _("refused"), "repeated": _("came before")}[code]


def lines(sightings: Iterable[Sighting]) -> list[Line]:
    return [
        Line(
            number=one.pk,
            at=one.at,
            name=one.event or one.type or "?",
            type=one.type,
            outcome=one.outcome,
            outcome_word=outcome(one.outcome),
            why=reasons.sentence(one.reason) if one.reason else "",
            field=one.field,
            kind=one.kind,
            customer=f"/customers/{one.person_id}" if one.person_id else "",
            raw=one.raw,
        )
        for one in sightings
    ]
