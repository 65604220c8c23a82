"""Writing on the line: `record` in the transaction of the verb it tells of, `record_many` for bulk."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import msgspec
from django.db import connection, transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit import bus, clock, ids
from careline.kit.refusals import Refused
from careline.touchpoints import kinds
from careline.touchpoints.hot import INSERT, INSERT_ONCE, UNSEEN
from careline.touchpoints.kinds import Kind
from careline.touchpoints.moments import COLUMNS, INTO
from careline.touchpoints.schema import Facts

# A raw door inserts what `row` made by the same statement.
__all__ = ["INSERT", "record", "record_many", "row", "wake_after_commit"]

# Clocks of other systems run ahead a little; a moment of next week has not happened.
AHEAD = timedelta(days=1)
Row = tuple[Any, ...]
_NOTHING = "\\N"
_SPECIAL = re.compile(r"[\\\t\n\r\b\f\v]")
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"})
_encode = msgspec.json.Encoder().encode
# Not the six characters \\u0000 somebody typed, whose backslash is itself escaped.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def record(
    kind: str,
    *,
    actor: Actor,
    source: str,
    person: int | None = None,
    agent: int | None = None,
    inbox: int | None = None,
    journey: str | None = None,
    occurred_at: datetime | None = None,
    key: str | None = None,
    **facts: Any,
) -> uuid.UUID | None:
    """Write one touchpoint in the caller's transaction. With a `key` it lands once; None says it had landed before."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind} must be recorded in the transaction of the verb it tells of")
    values = row(
        kind, actor=actor, source=source, person=person, agent=agent, inbox=inbox, journey=journey,
        occurred_at=occurred_at, **facts,
    )  # fmt: skip
    given = dict(zip(COLUMNS, values, strict=True))
    landed = INSERT.one(**given) if key is None else INSERT_ONCE.one(**given, key=digest(key))
    if landed is None:
        return None
    wake_after_commit()
    return landed.id


def row(
    kind: str,
    *,
    actor: Actor,
    source: str,
    person: int | None = None,
    agent: int | None = None,
    inbox: int | None = None,
    journey: str | None = None,
    occurred_at: datetime | None = None,
    recorded_at: datetime | None = None,
    **facts: Any,
) -> Row:
    """One touchpoint, checked, as the tuple that `moments.COLUMNS` names."""
    schema = kinds.named(kind)
    checked = schema.check(facts)
    _refuse_wrong_subject(schema, person, agent)
    now = recorded_at or clock.now()
    at = occurred_at or now
    if at.tzinfo is None:
        raise ValueError(f"{kind} occurred at a time without a zone")
    if at > now + AHEAD:
        raise Refused(_("A touchpoint cannot have happened in the future."), field="occurred_at")
    if journey is None and schema.journey is not None and (moved := getattr(checked, schema.journey)) is not None:
        journey = f"{schema.journey}:{moved}"
    if "\0" in source or "\0" in (journey or ""):
        raise Refused(_("A touchpoint must not contain the character NUL."))
    return (
        ids.uuid7(), schema.name, schema.version, person, agent, inbox, actor.kind, actor.id, source, journey,
        at, now, _written(checked),
    )  # fmt: skip


def line_of(
    schema: Kind, facts: Facts, *, id: str, source: str, journey: str | None, occurred_at: datetime, recorded_at: str
) -> tuple[str, str]:
    """One touchpoint as COPY reads it, of facts that are in their schema already, by a customer who is named later.

    It comes in two halves for `of_customer`; `id` and `recorded_at` come written.
    """
    return (
        f"{id}\t{schema.name}\t{schema.version}\t",
        f"\t{source}\t{_text(journey)}\t{occurred_at.isoformat()}\t{recorded_at}\t{_text(_written(facts))}\n",
    )


def of_customer(halves: tuple[str, str], person: int) -> str:
    """Something a customer did, now that it is known who."""
    return f"{halves[0]}{person}\t{_NOTHING}\t{_NOTHING}\tcustomer\t{person}{halves[1]}"


def record_many(rows: Iterable[Row | str]) -> int:
    """Write what `row` or `of_customer` made, by COPY, in the caller's transaction.

    For history see `partitions.ensure_partitions`.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("touchpoints must be recorded in a transaction")
    written = 0
    with connection.cursor() as cursor, cursor.copy(f"COPY {INTO} FROM STDIN") as copy:
        # In pieces, so that a long history is never held whole.
        for piece in _pieces(rows):
            copy.write("".join(piece).encode())
            written += len(piece)
    if written:
        wake_after_commit()
    return written


def _pieces(rows: Iterable[Row | str]) -> Iterator[list[str]]:
    left = iter(rows)
    while piece := [values if isinstance(values, str) else _line(values) for values in islice(left, 500)]:
        yield piece


def _line(values: Row) -> str:
    """One row as COPY reads it; only what came from outside can hold what COPY writes in another way."""
    id, kind, version, person, agent, inbox, actor_kind, actor, source, journey, happened, recorded, facts = values
    return (
        f"{id.hex}\t{kind}\t{version}\t{_or_nothing(person)}\t{_or_nothing(agent)}\t{_or_nothing(inbox)}\t{actor_kind}\t"
        f"{_or_nothing(actor)}\t{_text(source)}\t{_text(journey)}\t{happened.isoformat()}\t{recorded.isoformat()}\t"
        f"{_text(facts)}\n"
    )


def _or_nothing(value: int | None) -> str | int:
    return _NOTHING if value is None else value


def _text(value: str | None) -> str:
    if value is None:
        return _NOTHING
    return value.translate(_ESCAPED) if _SPECIAL.search(value) else value


def unseen(scope: str, ids_by_key: Mapping[str, str]) -> set[str]:
    """Those whose key had not landed in this scope before; now it has. A second transaction waits for the first."""
    by_digest = {digest(key): id for key, id in ids_by_key.items()}
    keys = sorted(by_digest)
    landed = UNSEEN.one(scope=scope, keys=keys, ids=[by_digest[key] for key in keys])
    assert landed is not None
    return set(ids_by_key.values()) if landed.ids is None else {one.replace("-", "") for one in landed.ids}


def digest(key: str) -> str:
    """What is kept of another system's number, which may name somebody: a repetition is known by it, and nothing else.

    Half of a SHA-256 is more than no two keys will ever share.
    """
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:32]


def wake_after_commit() -> None:
    """Tell the subscribers once a transaction, however many touchpoints it wrote."""
    if not any(entry[1] is _wake for entry in connection.run_on_commit):
        transaction.on_commit(_wake)


def _wake() -> None:
    bus.publish("touchpoints", {})


def _written(facts: Facts) -> str:
    """As JSON that PostgreSQL keeps: it has no NUL in jsonb and no halves of characters."""
    try:
        encoded = _encode(facts)
    except UnicodeEncodeError:
        raise Refused(_("A touchpoint must not contain half of a character.")) from None
    if b"u0000" in encoded and _NUL.search(encoded):
        raise Refused(_("A touchpoint must not contain the character NUL."))
    return encoded.decode()


def _refuse_wrong_subject(schema: Kind, person: int | None, agent: int | None) -> None:
    if schema.subject == "person" and person is None:
        raise Refused(_("A touchpoint “%(kind)s” is about a person.") % {"kind": schema.name})
    if schema.subject != "person" and person is not None:
        raise Refused(_("A touchpoint “%(kind)s” carries no person.") % {"kind": schema.name})
    if schema.subject == "agent" and agent is None:
        raise Refused(_("A touchpoint “%(kind)s” is about an agent.") % {"kind": schema.name})
