"""For rooms above: a conversation begun without words, marks and deadlines of its row, who hears, where words go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import msgspec
from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import Actor
from careline.channels.models import Inbox
from careline.kit import text
from careline.service.conversations.actions.lines import taken
from careline.service.conversations.hot import announce
from careline.service.conversations.hot.shapes import Pledge
from careline.service.conversations.models import Conversation, Follower


@transaction.atomic
def open_empty(inbox: Inbox, person_id: int, *, actor: Actor, at: datetime, about: str = "") -> Conversation:
    """Nobody has said anything in it; `about` are the customer's words elsewhere that it is begun for."""
    made = Conversation.objects.create(
        inbox=inbox, person_id=person_id, channel=inbox.kind, opened_at=at, active_at=at, preview=text.excerpt(about)
    )
    journey = f"conversation:{made.pk}"
    touchpoints.record(
        "conversation.opened", person=person_id, actor=actor, inbox=inbox.pk, source=journey, journey=journey,
        occurred_at=at, conversation=made.pk, channel=inbox.kind,
    )  # fmt: skip
    return taken(made.pk, actor=actor, permission="conversations.reply")


def unmark(conversation_ids: Collection[int]) -> int:
    """Without a line in the thread: whom the mark was about is erased."""
    return Conversation.objects.filter(pk__in=conversation_ids).update(mark=None)


def pledge(deadlines: Mapping[int, Pledge | None]) -> None:
    """What rows say of the next deadline, where it changed; the windows draw those again."""
    if not deadlines:
        return
    rows = Conversation.objects.filter(pk__in=deadlines).select_for_update(of=("self",)).order_by("pk")
    changed = []
    for row in rows:
        found = deadlines[row.pk]
        kept = msgspec.to_builtins(found) if found else None
        if kept == row.pledge:
            continue
        row.due_at, row.pledge = found.due_at if found else None, kept
        changed.append(row)
        announce.after_commit(
            announce.change(
                conversation_id=row.pk, inbox_id=row.inbox_id, person_id=row.person_id, seq=row.last_seq, lines=0
            )
        )
    # Nothing is nothing in the table, too, and no JSON that says so.
    Conversation.objects.filter(pk__in=[row.pk for row in changed if row.pledge is None]).update(
        due_at=None, pledge=None
    )
    Conversation.objects.bulk_update([row for row in changed if row.pledge is not None], ["due_at", "pledge"])


def let_follow(conversation: Conversation, agent_ids: Iterable[int], *, at: datetime) -> None:
    """Colleagues who hear of what happens there from now on, unless they do already."""
    for agent_id in agent_ids:
        Follower.objects.get_or_create(conversation=conversation, agent_id=agent_id, defaults={"since": at})


@transaction.atomic
def bind(conversation_id: int, *, actor: Actor, joins: bool) -> Conversation:
    """Whether the customer's next words come into this resolved conversation or begin a new one."""
    conversation = taken(conversation_id, actor=actor, permission="conversations.close")
    conversation.joins = joins
    conversation.save(update_fields=["joins"])
    return conversation
