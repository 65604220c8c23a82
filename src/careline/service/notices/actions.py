"""Telling followers: one mail for what happened in a conversation within a few minutes."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils import translation

from careline.kit import clock, mail
from careline.service.conversations import queries
from careline.service.notices import words
from careline.service.notices.models import Notice

# Told once nothing more has happened for so long; at the latest so long after the first.
QUIET = timedelta(minutes=1)
LATEST = timedelta(minutes=5)
# Of a server that takes no mail: how long it is tried, and how often in one round.
PATIENCE = timedelta(days=1)
FAILURES = 3
_log = logging.getLogger(__name__)


def tell(*, at: datetime | None = None, limit: int = 200) -> int:
    """Mail what is due; returns how many mails left. One that is told and not crossed out is told again."""
    at = at or clock.now()
    waiting = Notice.objects.values("agent_id", "conversation_id").annotate(first=Min("noted_at"), last=Max("noted_at"))
    due = waiting.filter(Q(last__lte=at - QUIET) | Q(first__lte=at - LATEST)).order_by("first", "agent_id")
    told = failed = 0
    for one in due[:limit]:
        try:
            told += _tell(one["agent_id"], one["conversation_id"])
        except mail.NotSent:
            _log.warning("Agent %s could not be told of conversation %s.", one["agent_id"], one["conversation_id"])
            failed += 1
        if failed == FAILURES:
            break
    Notice.objects.filter(noted_at__lt=at - PATIENCE).delete()
    return told


@transaction.atomic
def _tell(agent_id: int, conversation_id: int) -> bool:
    """Who may no longer see the conversation, or follows it no longer, hears nothing."""
    mine = Notice.objects.filter(agent=agent_id, conversation=conversation_id).select_for_update(
        of=("self",), skip_locked=True
    )
    notices = list(mine.select_related("by").order_by("at", "pk"))
    follower = next((one for one in queries.followers_of(conversation_id) if one.id == agent_id), None)
    if notices and follower is not None:
        with translation.override(follower.language):
            subject, text = words.mail(conversation_id, notices, zone=follower.zone)
            mail.send(follower.email, subject, text)
    Notice.objects.filter(pk__in=[one.pk for one in notices]).delete()
    return bool(notices) and follower is not None
