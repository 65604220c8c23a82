"""Rows of the rooms as the API tells them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from careline.api import shapes
from careline.files import queries as files
from careline.service.conversations.hot.shapes import ListRow, ThreadRow
from careline.touchpoints import Moment

encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
# Facts and events keep ids as numbers; out here every id is text.
_IDS = frozenset({"agent_id", "team_id", "conversation", "team", "decision", "hold", "outbound"})


def id_of(given: int | None) -> str | None:
    return None if given is None else str(given)


def told(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: str(fact) if name in _IDS and type(fact) is int else fact for name, fact in facts.items()}


def conversation(row: ListRow) -> shapes.Conversation:
    return shapes.Conversation(*_columns(row))


def opened(row: ListRow, first: shapes.Message) -> shapes.Opened:
    return shapes.Opened(*_columns(row), message=first)


def _columns(row: ListRow) -> tuple[Any, ...]:
    # In the order of shapes.Conversation; by place, since a list draws fifty of them.
    number = row.id
    return (
        str(number), number, str(row.inbox_id), row.channel, row.subject, row.state, row.handled_by, row.waiting_on,
        row.priority, row.tags, id_of(row.assignee_id), id_of(row.team_id),
        shapes.CustomerName(str(row.person_id), row.person_name), row.opened_at, row.active_at, row.resolved_at,
        row.snoozed_until, row.preview, row.unread, row.last_seq,
    )  # fmt: skip


def message(row: ThreadRow) -> shapes.Message:
    return shapes.Message(
        id=row.id,
        conversation_id=str(row.conversation_id),
        kind=row.kind,  # type: ignore[arg-type]  # the database checks it
        body=row.body,
        author=shapes.Author(row.author_kind, id_of(row.author_id), row.author_name),  # type: ignore[arg-type]
        seq=row.seq,
        channel=row.channel,
        status=row.status,  # type: ignore[arg-type]
        status_reason=row.status_reason,
        event=told(_decode(row.event)) if row.event else None,
        attachments=[attached(one) for one in _decode(row.attachments)] if row.attachments else [],
        occurred_at=row.occurred_at,
    )


def attached(one: dict[str, Any]) -> shapes.Attached:
    return shapes.Attached(
        id=one["file_id"], name=one["name"], media_type=one["media_type"], size=one["size"], url=link(one["file_id"])
    )


def link(file_id: UUID | str) -> str:
    return f"{settings.CARELINE_BASE_URL}{files.link(UUID(str(file_id)))}"


def touchpoint(moment: Moment) -> shapes.Touchpoint:
    return shapes.Touchpoint(
        id=moment.id,
        kind=moment.kind,
        version=moment.version,
        at=moment.occurred_at,
        recorded_at=moment.recorded_at,
        inbox_id=id_of(moment.inbox_id),
        journey=moment.journey,
        actor=shapes.By(moment.actor_kind, id_of(moment.actor_id)),
        facts=told(moment.facts),
    )


def customer(person: Any) -> shapes.Customer:
    """Of a person with their identities; the first of a kind is the one to reach them by."""
    names = sorted(person.identities.all(), key=lambda one: int(one.pk))
    first = {one.kind: one.original if one.kind == "external" else one.value for one in reversed(names)}
    return shapes.Customer(
        id=str(person.pk),
        name=person.name,
        email=first.get("email"),
        phone=first.get("phone"),
        external_id=first.get("external"),
        identities=[shapes.Identity(str(one.pk), one.kind, one.value, one.original, one.verified) for one in names],
        language=person.language,
        zone=person.zone,
        blocked=person.blocked_at is not None,
        attributes=person.attributes,
        first_seen_at=person.first_seen_at,
        created_at=person.created_at,
    )
