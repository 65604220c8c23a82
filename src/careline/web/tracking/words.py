"""Codes of the tracking room in words: why an event was refused, what sort of source it came from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

import msgspec
from django.utils.translation import gettext as _

# Kept together where the words around it run the other way.
EXAMPLE = "\u20662026-03-02T09:00:00Z\u2069"


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


def why(reason: str) -> str:
    """The sentence of a reason, to stand after the field it is about."""
    sentences = {
        "apart": _("belongs to another customer and stays with them"),
        "missing": _("is missing"),
        "no_address": _("is no address or number, and was left out"),
        "no_list": _("must be a list"),
        "no_moment": _("is no moment such as %(example)s") % {"example": EXAMPLE},
        "no_object": _("must be an object"),
        "no_text": _("must be a text"),
        "no_user_anon_id": _("and anonymousId are both missing; one of them is needed"),
        "too_long": _("is too long"),
        "unknown_type": _("is none of identify, track, page, screen, group, alias"),
        "unstorable": _("holds characters that cannot be stored"),
    }
    return sentences.get(reason, reason)


def lines(sightings: Iterable[Sighting]) -> list[Line]:
    return [
        Line(
            number=one.pk,
            at=one.at,
            name=one.event or one.type or "?",
            type=one.type,
            outcome=one.outcome,
            outcome_word=outcome(one.outcome),
            why=why(one.reason) if one.reason else "",
            field=one.field,
            kind=one.kind,
            customer=f"/customers/{one.person_id}" if one.person_id else "",
            raw=one.raw,
        )
        for one in sightings
    ]
