"""Codes of the tracking room in words: why an event was refused, what sort of source it is of, how far a file is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

import msgspec
from django.utils.translation import gettext as _

from careline.kit.money import Money
from careline.tracking import reasons
from careline.tracking.queries import KnownImport, Trial
from careline.web.people.drawn import value_words
from careline.web.tracking.examples import LONG


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


class Imported(msgspec.Struct, frozen=True):
    """A file, and what became of it so far."""

    number: int
    name: str
    format: str
    size: int
    state: str
    state_word: str
    # How much of the file is behind it, in hundredths.
    percent: int
    read: int
    added: int
    repeated: int
    refused: int
    superseded: int
    made: int
    is_profiles: bool
    is_answers: bool
    error: str
    by_hand: bool
    is_live: bool
    may_go_on: bool
    rows_are_lines: bool
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


def imported(row: KnownImport) -> Imported:
    ended = row.ended_at is not None
    live = row.state in ("waiting", "running")
    return Imported(
        number=row.pk,
        name=row.name,
        format={"csv": "CSV", "jsonl": "JSON Lines", "xes": "XES", "parquet": "Parquet", "answers": "CSV"}[row.format],
        size=row.size,
        state=row.state,
        state_word=states()[row.state],
        percent=row.percent,
        read=row.read,
        added=row.added,
        repeated=row.repeated,
        refused=row.refused,
        superseded=row.superseded,
        made=row.made,
        is_profiles=row.form == "profiles",
        is_answers=row.form == "answers",
        # What stands there was said in English, whoever reads it.
        error=_(row.error) if row.error else "",
        by_hand=row.file_id is None and row.state == "running",
        is_live=live,
        may_go_on=ended and row.file_id is not None,
        rows_are_lines=row.format in ("csv", "jsonl", "answers"),
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def states() -> dict[str, str]:
    return {
        "ready": _("not started"),
        "waiting": _("waiting"),
        "running": _("under way"),
        "done": _("done"),
        "stopped": _("stopped"),
        "failed": _("broken off"),
    }


class Changed(msgspec.Struct, frozen=True):
    label: str
    before: str
    after: str


class Tried(msgspec.Struct, frozen=True):
    row: int
    who: str
    at: datetime | None
    name: str
    kind: str
    journey: str
    worth: str
    became: str
    became_word: str
    changes: list[Changed]
    field: str
    why: str


def trial(one: Trial) -> Tried:
    minor = one.facts.get("total_minor", one.facts.get("value_minor"))
    worth = str(Money(minor, one.facts["currency"])) if minor is not None else ""
    words = {"new": _("a new customer"), "changed": _("changes"), "same": _("nothing new")}
    became = words.get(one.became, _("named again below") if one.became else "")
    changes = [Changed(now.label, _value(now.before), _value(now.after)) for now in one.changes]
    return Tried(
        one.row,
        one.who,
        one.at,
        one.name,
        one.kind,
        one.journey,
        worth,
        one.became,
        became,
        changes,
        one.field,
        one.why,
    )


def _value(value: Any) -> str:
    words = "" if value is None else value_words(value)
    return words if len(words) <= LONG else words[: LONG - 1] + "…"
