"""What is late goes to whoever leads: once, with the conversation at the top of what is urgent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from careline.accounts.actor import SYSTEM
from careline.channels import queries as channels
from careline.kit import clock
from careline.service.conversations import actions as talks
from careline.service.conversations.actions.lines import taken, written
from careline.service.conversations.models import Conversation
from careline.service.recovery.models import Recovery


def escalate_due(*, at: datetime | None = None, limit: int = 200) -> int:
    """Those whose deadline has passed; how many. Safe beside other workers: each is told once."""
    at = at or clock.now()
    late = Recovery.objects.running().filter(due_at__lte=at, escalated_at=None).order_by("due_at", "pk")
    return sum(_escalate(pk, at) for pk in late.values_list("pk", flat=True)[:limit])


@transaction.atomic
def _escalate(recovery_id: int, at: datetime) -> bool:
    known = Recovery.objects.select_related("rule").get(pk=recovery_id)
    conversation = taken(known.conversation_id, actor=SYSTEM, permission="conversations.reply")
    late = Recovery.objects.running().filter(pk=recovery_id, escalated_at=None)
    if not late.update(escalated_at=at):
        return False
    # Followers are mailed of what happens: service.notices.
    lead = known.rule.lead_id if known.rule else None
    talks.let_follow(conversation, channels.leads_of(conversation.inbox_id, agent_id=lead), at=at)
    if conversation.mark:
        conversation.mark = {**conversation.mark, "late": True}
    written(
        conversation, actor=SYSTEM, at=at, kind="recovery.escalated", verb="recovery-escalated", recovery=known.pk,
        due_at=known.due_at.isoformat(),
    )  # fmt: skip
    talks.prioritize(conversation.pk, actor=SYSTEM, priority=Conversation.Priority.URGENT, at=at)
    return True
