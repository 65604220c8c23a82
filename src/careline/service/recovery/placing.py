"""Where somebody is won back: one conversation of theirs, in front of whoever is to do it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from careline.accounts.actor import SYSTEM
from careline.channels import queries as channels
from careline.channels.models import Inbox
from careline.contact import reach
from careline.customers.models import Identity, Person
from careline.service.conversations import actions
from careline.service.conversations.actions.lines import taken, written
from careline.service.conversations.models import Conversation, Message
from careline.service.recovery.models import Rule
from careline.touchpoints import Moment

# An older one is not taken up again: it was about something else.
RECENT = timedelta(days=30)


def conversation_for(moment: Moment, person: Person, ids: Sequence[int], *, at: datetime) -> Conversation | None:
    """The one it is about, else their open one, else their last one of late, else a new one.

    None where the house has no inbox that reaches them, and none at all.
    """
    theirs = Conversation.objects.filter(person__in=ids).exclude(state__in=["spam", "trash"])
    found = (
        (theirs.filter(pk=moment.conversation_id).first() if moment.conversation_id else None)
        or theirs.live().order_by("-active_at", "-pk").first()
        or theirs.filter(active_at__gte=at - RECENT).order_by("-active_at", "-pk").first()
    )
    if found is not None:
        return taken(found.pk, actor=SYSTEM, permission="conversations.reply")
    last = theirs.order_by("-pk").values_list("inbox_id", flat=True).first()
    inbox = _inbox(ids, [one for one in (moment.inbox_id, last) if one])
    if inbox is None:
        return None
    words = str(moment.facts.get("text", ""))
    return actions.open_empty(inbox, person.pk, actor=SYSTEM, at=at, about=words)


def _inbox(ids: Sequence[int], first: Sequence[int]) -> Inbox | None:
    """One they have been in, else one that reaches them by what is known of them, else any."""
    known = set(Identity.objects.filter(person__in=ids).values_list("kind", flat=True))
    inboxes = list(Inbox.objects.open().order_by("pk"))

    def distance(inbox: Inbox) -> tuple[bool, bool]:
        return inbox.pk not in first, not reach.kinds_of(inbox.kind) & known

    return min(inboxes, key=distance, default=None)


def at_hand(conversation: Conversation, rule: Rule, *, at: datetime) -> Conversation:
    """Open, waiting for us, and with whom the rule names."""
    conversation.waiting_on = Conversation.WaitingOn.US
    if not conversation.is_live or conversation.state == Conversation.State.SNOOZED:
        conversation.reopen()
        conversation.active_at = max(conversation.active_at, at)
        written(conversation, actor=SYSTEM, at=at, kind="conversation.reopened", verb="reopened")
    else:
        conversation.save(update_fields=["waiting_on"])
    agent_id, team_id = _owner(conversation, rule)
    actions.assign(conversation.pk, actor=SYSTEM, agent_id=agent_id, team_id=team_id, at=at)
    return taken(conversation.pk, actor=SYSTEM, permission="conversations.reply")


def _owner(conversation: Conversation, rule: Rule) -> tuple[int | None, int | None]:
    if rule.owner == Rule.Owner.AGENT:
        last = (
            Message.objects.filter(conversation=conversation, kind=Message.Kind.REPLY, author_kind="agent")
            .order_by("-seq")
            .values_list("author_id", flat=True)
            .first()
        )
        for agent in (conversation.assignee_id, last):
            if agent is not None and channels.name_of_worker(agent, inbox_id=conversation.inbox_id):
                return agent, conversation.team_id
    return None, None if rule.owner == Rule.Owner.INBOX else rule.team_id
