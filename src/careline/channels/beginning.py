"""Who has an inbox's new conversations first."""

from __future__ import annotations

from django.db import transaction

from careline.channels.models import Inbox


@transaction.atomic
def let_bot(inbox_id: int, *, is_on: bool) -> None:
    """For the room whose bots answer, which has asked whoever wants it; nothing is written where it is so already."""
    Inbox.objects.filter(pk=inbox_id).exclude(bot=is_on).update(bot=is_on)
