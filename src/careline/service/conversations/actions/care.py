"""Who has a conversation, how urgent it is, what it is about, and whether the team has seen it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts import reach
from careline.accounts.actor import Actor
from careline.channels import queries as channels
from careline.kit import clock, text
from careline.kit.refusals import NotVisible, Refused
from careline.service.conversations.actions.lines import taken, written
from careline.service.conversations.hot import announce
from careline.service.conversations.models import Conversation, NotOpen

TAG_LIMIT = 60
TAGS_LIMIT = 30


@transaction.atomic
def assign(
    conversation_id: int,
    *,
    actor: Actor,
    agent_id: int | None = None,
    team_id: int | None = None,
    because: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Conversation:
    """Give it to an agent who sees its inbox, to a team, to both, or (neither given) back to the queue.

    `because` is a room's own, for the line in the thread; the room says it in words.
    """
    conversation = taken(conversation_id, actor=actor, permission="conversations.assign")
    agent_name = team_name = None
    reach.handing(actor, agent_id, team_id)
    if agent_id is not None:
        agent_name = channels.name_of_worker(agent_id, inbox_id=conversation.inbox_id)
        if agent_name is None:
            raise Refused(_("This agent does not work in the conversation's inbox."))
    if team_id is not None:
        team_name = accounts.team_name(team_id)
        if team_name is None:
            raise NotVisible(_("There is no such team."))
    if (conversation.assignee_id, conversation.team_id) == (agent_id, team_id):
        return conversation
    conversation.assignee_id, conversation.team_id = agent_id, team_id
    if agent_id is not None:
        conversation.handled_by = Conversation.HandledBy.AGENT
    # A rule that finds the team for it leaves it with the bot that has it.
    elif actor.kind != "rule" or conversation.handled_by != Conversation.HandledBy.BOT:
        conversation.handled_by = Conversation.HandledBy.QUEUE
    return written(
        conversation,
        actor=actor,
        at=at or clock.now(),
        kind="conversation.assigned",
        verb="assigned",
        agent_id=agent_id,
        agent_name=agent_name,
        team_id=team_id,
        team_name=team_name,
        **({"because": because} if because else {}),
    )


@transaction.atomic
def prioritize(conversation_id: int, *, actor: Actor, priority: int, at: datetime | None = None) -> Conversation:
    conversation = taken(conversation_id, actor=actor, permission="conversations.reply")
    if priority not in Conversation.Priority.values:
        raise Refused(_("A priority is a number from 0 (none) to 4 (urgent)."))
    if conversation.priority == priority:
        return conversation
    conversation.priority = priority
    return written(
        conversation,
        actor=actor,
        at=at or clock.now(),
        kind="conversation.prioritized",
        verb="prioritized",
        priority=priority,
    )


@transaction.atomic
def wait_on(conversation_id: int, *, actor: Actor, on: str, at: datetime | None = None) -> Conversation:
    """Whose turn it is: ours, the customer's or somebody else's. The customer's next words make it ours again."""
    conversation = taken(conversation_id, actor=actor, permission="conversations.reply")
    if on not in Conversation.WaitingOn.values:
        raise Refused(_("We wait for us, the customer or somebody else."), field="waiting_on")
    if not conversation.is_live:
        raise NotOpen(_("Only an open conversation waits for somebody."))
    if conversation.waiting_on == on:
        return conversation
    conversation.waiting_on = on
    return written(conversation, actor=actor, at=at or clock.now(), kind="conversation.awaited", verb="awaited", on=on)


@transaction.atomic
def tag(conversation_id: int, *, actor: Actor, tags: Iterable[str], at: datetime | None = None) -> Conversation:
    """Set the tags; order kept, repeats dropped."""
    conversation = taken(conversation_id, actor=actor, permission="conversations.reply")
    wanted = list(dict.fromkeys(text.clean(t, field="tag", limit=TAG_LIMIT, required=True) for t in tags))
    if len(wanted) > TAGS_LIMIT:
        raise Refused(_("A conversation carries at most %(most)s tags.") % {"most": TAGS_LIMIT})
    if conversation.tags == wanted:
        return conversation
    conversation.tags = wanted
    return written(
        conversation, actor=actor, at=at or clock.now(), kind="conversation.tagged", verb="tagged", tags=wanted
    )


@transaction.atomic
def mark_seen(conversation_id: int, *, actor: Actor, seq: int) -> None:
    """The team has read up to `seq`; not a moment of the customer's, so nothing is recorded."""
    seen = Conversation.objects.visible_to(actor).filter(
        pk=conversation_id, seen_seq__lt=Least(F("last_seq"), Value(seq))
    )
    changed = seen.update(seen_seq=Greatest(F("seen_seq"), Least(F("last_seq"), Value(seq))))
    if changed:
        row = Conversation.objects.values("inbox_id", "person_id", "last_seq").get(pk=conversation_id)
        announce.after_commit(
            announce.change(
                conversation_id=conversation_id,
                inbox_id=row["inbox_id"],
                person_id=row["person_id"],
                seq=row["last_seq"],
                lines=0,
            )
        )
