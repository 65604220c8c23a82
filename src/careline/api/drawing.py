"""Rows of the rooms as the API tells them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from careline.api import lettering, shapes
from careline.customers.queries import Whole
from careline.files import queries as files
from careline.kit import sentences
from careline.service.conversations.hot.shapes import ListRow, ThreadRow
from careline.touchpoints import Moment, feelings

encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
# Facts and events keep ids as numbers; out here every id is text.
_IDS = frozenset({
    "agent_id", "team_id", "conversation", "team", "decision", "hold", "other_conversation", "outbound", "response",
    "recovery",
})  # fmt: skip


def id_of(given: int | None) -> str | None:
    return None if given is None else str(given)


def told(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: str(fact) if name in _IDS and type(fact) is int else fact for name, fact in facts.items()}


def conversation(row: ListRow) -> shapes.Conversation:
    # By place and in one piece, since a list draws fifty of them.
    number, assignee, team = row.id, row.assignee_id, row.team_id
    return shapes.Conversation(
        str(number), number, str(row.inbox_id), row.channel, row.subject,
        row.state, row.handled_by, row.waiting_on,  # type: ignore[arg-type]  # the database checks them
        row.priority, row.tags, None if assignee is None else str(assignee), None if team is None else str(team),
        shapes.CustomerName(str(row.person_id), row.person_name), row.opened_at, row.active_at, row.resolved_at,
        row.snoozed_until, row.preview, row.unread, row.last_seq,
        # Written by the database as it is told.
        msgspec.Raw(row.attributes.encode()),  # type: ignore[arg-type]
        id_of(row.follows_id), row.due_at,
    )  # fmt: skip


def opened(row: ListRow, first: shapes.Message) -> shapes.Opened:
    return shapes.Opened(*msgspec.structs.astuple(conversation(row)), message=first)


def message(row: ThreadRow) -> shapes.Message:
    return shapes.Message(
        row.id, str(row.conversation_id), row.kind, row.body,  # type: ignore[arg-type]  # the database checks them
        shapes.Author(row.author_kind, id_of(row.author_id), row.author_name),  # type: ignore[arg-type]
        row.seq, row.channel, row.status, sentences.told(row.status_reason),  # type: ignore[arg-type]
        told(_decode(row.event)) if row.event else None,
        [attached(one) for one in _decode(row.attachments)] if row.attachments else [],
        row.occurred_at,
        lettering.letter(row) if row.letter else None,
    )  # fmt: skip


def attached(one: dict[str, Any]) -> shapes.Attached:
    return shapes.Attached(
        id=one["file_id"], name=one["name"], media_type=one["media_type"], size=one["size"], url=link(one["file_id"])
    )


def link(file_id: UUID | str) -> str:
    return f"{settings.CARELINE_BASE_URL}{files.link(UUID(str(file_id)))}"


def touchpoint(moment: Moment) -> shapes.Touchpoint:
    touch = [(moment.kind, moment.facts)]
    felt, effort = feelings.felt(touch), feelings.effort(touch)
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
        felt=None if felt is None else shapes.Felt(felt.level, felt.by),
        effort=None if effort is None else shapes.Effort(effort.level, effort.by, effort.total, effort.parts),
    )


def customer(whole: Whole) -> shapes.Customer:
    """The first name of a kind is the one to reach them by."""
    names = whole.identities
    first = {one.kind: one.original if one.kind == "external" else one.value for one in reversed(names)}
    return shapes.Customer(
        id=str(whole.pk),
        name=whole.name,
        email=first.get("email"),
        phone=first.get("phone"),
        external_id=first.get("external"),
        identities=[
            shapes.Identity(str(one.pk), one.kind, one.value, one.original, one.verified)  # type: ignore[arg-type]  # the database checks it
            for one in names
        ],
        merged_from=[str(one) for one in whole.joined],
        language=whole.language,
        zone=whole.zone,
        blocked=whole.blocked_at is not None,
        feelings=whole.scrap,
        efforts=whole.efforts,
        attributes=whole.attributes,
        first_seen_at=whole.first_seen_at,
        created_at=whole.created_at,
    )
