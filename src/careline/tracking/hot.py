"""Events taken in: each request one transaction, with few statements for however many events it brings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

import msgspec
from django.utils.translation import gettext as _

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.customers import companies, resolving, traits
from careline.kit import ids, text
from careline.kit.refusals import Refused
from careline.kit.statement import Statement
from careline.touchpoints import kinds
from careline.tracking import journal, limits, mapping, naming, reading
from careline.tracking.journal import Line
from careline.tracking.mapping import Told
from careline.tracking.shapes import Event, Json, Request, Unread
from careline.tracking.who import Node

NAME = 300
# Identities, which stand as such.
_NO_TRAITS = {"email", "phone"}
_encode = msgspec.json.Encoder().encode


class Source(msgspec.Struct, frozen=True):
    """Whose key it is, with everything its events are read by."""

    id: int
    side: str
    currency: str
    rules: str

    @property
    def name(self) -> str:
        return f"source:{self.id}"


SOURCE = Statement(
    """SELECT s.id, s.side, coalesce((SELECT o.currency FROM accounts_organization o LIMIT 1), 'USD'), coalesce((
  SELECT jsonb_agg(jsonb_build_object('event', r.event, 'kind', r.kind, 'journey', r.journey, 'journey_property',
    r.journey_property, 'stage', r.stage, 'value_property', r.value_property, 'currency_property', r.currency_property)
    ORDER BY r.id) FROM tracking_rule r)::text, '[]')
FROM tracking_source s WHERE s.key = %(key)s::text AND s.archived_at IS NULL""",
    Source,
)


class Taken(msgspec.Struct, frozen=True):
    accepted: int = 0
    repeated: int = 0
    refused: int = 0


class Entry:
    """An event on its way to a line."""

    __slots__ = ("event", "halves", "id", "kind", "node")

    def __init__(self, event: Event, kind: str, id: str, halves: tuple[str, str]) -> None:
        self.event, self.kind, self.id, self.halves = event, kind, id, halves
        self.node: Node | None = None

    def landed(self) -> str:
        """Its row, now that it is known whose it is."""
        assert self.node is not None
        return touchpoints.of_customer(self.halves, self.node.number)


class Read(msgspec.Struct):
    """A request, read by what its source says."""

    received_at: datetime
    entries: list[Entry]
    refused: list[Unread]


def source_of(key: str) -> Source | None:
    """Nothing as well for what PostgreSQL cannot even be asked for."""
    return SOURCE.one(key=key) if key and key.isascii() and "\0" not in key and len(key) < 200 else None


def take(source: Source, request: Request, *, type: str, received_at: datetime) -> Taken:
    """Everything a request brought, durable when this returns; what came before is not taken again."""
    return land(source, [read(source, request, type=type, received_at=received_at)])


def land(source: Source, requests: Sequence[Read]) -> Taken:
    """All of them in one transaction."""
    return naming.held(lambda may_join: _land(source, requests, may_join))


def read(source: Source, request: Request, *, type: str, received_at: datetime) -> Read:
    """Without the database: what each event is on a line."""
    own, name, at = mapping.rules(source.rules), source.name, received_at.isoformat()
    found = list(reading.events(request, type=type, received_at=received_at, new_id=ids.uuid7))
    entries: list[Entry] = []
    refused: list[Unread] = []
    for one, id in zip(found, ids.many(len(found)), strict=True):
        if isinstance(one, Unread):
            refused.append(one)
            continue
        try:
            told = mapping.told(one, own, source.currency)
            entries.append(entry(one, told, id, source=name, recorded_at=at))
        except (Refused, ValueError, RecursionError):
            field = "traits" if one.traits and one.type in ("identify", "group") else "properties"
            refused.append(Unread(field, "unstorable", one.raw, one.type, one.name, one.message_id))
    return Read(received_at, entries, refused)


def entry(event: Event, told: Told, id: str, *, source: str, recorded_at: str) -> Entry:
    """What it will be on a line; Refused or a ValueError where PostgreSQL could not hold it."""
    if event.traits:
        _must_be_storable(event.traits)
    schema = kinds.KINDS[told.kind]
    facts = schema.check(told.facts) if isinstance(told.facts, dict) else told.facts
    if told.journey and not told.journey.isprintable():
        raise Refused(_("A touchpoint must not contain the character NUL."))
    halves = touchpoints.line_of(
        schema,
        facts,
        id=id,
        source=source,
        journey=told.journey,
        occurred_at=event.occurred_at,
        recorded_at=recorded_at,
    )
    if told.missing:
        event.remark = (f"properties.{told.missing}", "missing")
    return Entry(event, told.kind, id, halves)


def _must_be_storable(given: Json) -> None:
    if b"\\u0000" in _encode(given):
        raise ValueError("PostgreSQL has no NUL in its JSON")


def _land(source: Source, requests: Sequence[Read], may_join: bool) -> Taken:
    by_key: dict[str, Entry] = {}
    for request in requests:
        for entry in request.entries:
            by_key.setdefault(entry.event.message_id, entry)
    fresh_ids = touchpoints.unseen(source.name, {key: one.id for key, one in by_key.items()}) if by_key else set()
    fresh = [entry for entry in by_key.values() if entry.id in fresh_ids]
    if fresh:
        named = _resolve(source, fresh, may_join)
        at = requests[0].received_at
        touchpoints.record_many(chain((entry.landed() for entry in fresh), naming.told(named, at)))
        _keep_traits(source, fresh)
    journal.keep(source.id, [line for request in requests for line in _noted(source, request, fresh_ids)])
    accepted = sum(len(request.entries) for request in requests)
    return Taken(len(fresh), accepted - len(fresh), sum(len(request.refused) for request in requests))


def _resolve(source: Source, entries: Sequence[Entry], may_join: bool) -> dict[int, set[str]]:
    """Whose each event is; and who has a name they had not, by its kinds."""
    nodes, named = naming.resolve([entry.event for entry in entries], proves=source.side == "server", may_join=may_join)
    for entry, node in zip(entries, nodes, strict=True):
        entry.node = node
    return named


def _keep_traits(source: Source, entries: Sequence[Entry]) -> None:
    scores: list[traits.Score] = []
    groups: list[companies.Heard] = []
    names: dict[int, str] = {}
    for entry in entries:
        event, node = entry.event, entry.node
        if event.type not in ("identify", "group"):
            continue
        assert node is not None
        if event.type == "group":
            groups.append(companies.Heard(event.group, node.number, event.traits, event.occurred_at))
            continue
        for name, value in event.traits.items():
            if name in _NO_TRAITS:
                continue
            if not name.strip() or len(name) > limits.TRAIT:
                event.remark = ("traits", "too_long")
                continue
            scores.append(traits.Score(node.number, name, value, event.occurred_at))
        if called := _name(event.traits):
            names[node.top().number] = called
    if scores:
        traits.set_many(scores, actor=SYSTEM, source=source.name)
    if groups:
        companies.hear(groups, source=source.name)
    if names:
        resolving.call(names, source=source.name)


def _name(given: Json) -> str:
    whole = given.get("name")
    pairs = (("firstName", "first_name"), ("lastName", "last_name"))
    parts = [given.get(one) or given.get(other) for one, other in pairs]
    called = whole if isinstance(whole, str) else " ".join(part for part in parts if isinstance(part, str))
    return text.excerpt(called, NAME) if called.strip() else ""


def _noted(source: Source, request: Read, fresh: set[str]) -> list[Line]:
    """All that was refused or left something out, and of the rest the last few."""
    remarked = [entry for entry in request.entries if entry.event.remark[1]]
    usual = [entry for entry in request.entries if not entry.event.remark[1]]
    shown = journal.grant(source.id, len(usual))
    usual = usual[-shown:] if shown else []
    return [
        *(_line(entry, fresh) for entry in usual),
        *(_line(entry, fresh) for entry in remarked),
        *(
            Line("refused", one.type, one.name, one.message_id, one.field, one.reason, raw=one.raw)
            for one in request.refused
        ),
    ][-journal.MOST :]


def _line(entry: Entry, fresh: set[str]) -> Line:
    event = entry.event
    outcome = "accepted" if entry.id in fresh else "repeated"
    person = None if entry.node is None else entry.node.number
    return Line(outcome, event.type, event.name, event.message_id, *event.remark, entry.kind, person, event.raw)
