"""What was known of a customer at a moment, and whether words ask for it again. Asked for nobody in particular: whoever
shows it to somebody narrows it by `queries`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from careline.customers import queries as customers
from careline.customers.models import Identity
from careline.service.assist.given import asking, reading
from careline.service.assist.given.kinds import LASTS, MATTER, OF_MATTER, Kind
from careline.service.assist.models import Given
from careline.service.conversations.models import Conversation

# The newest of somebody who tells a great deal.
MOST = 200


class Known(msgspec.Struct, frozen=True):
    """One thing that is known; `id`, message and conversation where they said it themselves."""

    kind: Kind
    value: str
    key: str
    source: Literal["message", "profile"]
    at: datetime | None = None
    id: int | None = None
    message_id: UUID | None = None
    conversation_id: int | None = None


def before(conversation: Conversation, *, at: datetime, among: QuerySet[Given] | None = None) -> list[Known]:
    """The newest first, each once: what was said, then what their profile says. `among` narrows what was said."""
    ids = customers.ids_of(conversation.person_id)
    here = {conversation.pk, conversation.follows_id}
    rows = (Given.objects.all() if among is None else among).filter(
        Q(kind__in=OF_MATTER) & (Q(said_at__gt=at - MATTER) | Q(message__conversation__in=here - {None}))
        | ~Q(kind__in=OF_MATTER) & Q(said_at__gt=at - LASTS),
        person__in=ids, said_at__lt=at, put_away_at=None,
    )  # fmt: skip
    said = [
        Known(
            one.kind, one.value, one.key, "message", one.said_at, one.pk,  # type: ignore[arg-type]  # as it was read
            one.message_id, one.message.conversation_id,
        )
        for one in rows.select_related("message").order_by("-said_at", "-pk")[:MOST]
    ]  # fmt: skip
    return _once([*said, *_profile(ids, at)])


def _profile(ids: Sequence[int], at: datetime) -> list[Known]:
    """Under these names they write to us, or somebody of the house put them there."""
    names = Identity.objects.filter(person__in=ids, kind__in=["email", "phone"], created_at__lt=at).order_by("-pk")
    return [Known(one.kind, one.original, one.value, "profile", one.created_at) for one in names]  # type: ignore[arg-type]  # of the two


def _once(found: Iterable[Known]) -> list[Known]:
    kept: dict[tuple[str, str], Known] = {}
    for one in found:
        kept.setdefault((one.kind, one.key), one)
    return list(kept.values())


def again(
    body: str, before: Sequence[Known], *, at: datetime, region: str | None, asked: Sequence[Kind] | None = None
) -> list[Known]:
    """What these words ask for though it is known. Where several are, asking which one is no asking again; and who
    names the value asks whether it is still so."""
    by_kind: defaultdict[Kind, list[Known]] = defaultdict(list)
    for one in before:
        by_kind[one.kind].append(one)
    wanted = asking.asked_in(body) if asked is None else asked
    found = [by_kind[kind][0] for kind in wanted if len(by_kind[kind]) == 1]
    if not found:
        return []
    named = {(one.kind, one.key) for one in reading.given_in(body, at=at, region=region)}
    folded = body.casefold()
    return [one for one in found if (one.kind, one.key) not in named and one.value.casefold() not in folded]
