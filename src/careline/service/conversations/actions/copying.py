"""Who gets a copy of every answer of a conversation of letters, until somebody takes them out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.channels.letters import Party
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.service.conversations.actions.lines import taken, written
from careline.service.conversations.letters import addressed, following, keeping
from careline.service.conversations.models import Conversation


@transaction.atomic
def copy(
    conversation_id: int,
    *,
    actor: Actor,
    add: Iterable[Party] = (),
    remove: Iterable[str] = (),
    at: datetime | None = None,
) -> Conversation:
    """Put people in copy, and take addresses out; the line says how many, never who."""
    conversation = taken(conversation_id, actor=actor, permission="conversations.reply")
    following.must_have_envelope(conversation.channel)
    added = keeping.by_address(addressed.parties(add, "add"))
    if len(added) > addressed.MOST:
        raise Refused(_("A mail goes to at most %(most)s people.") % {"most": addressed.MOST}, field="add")
    gone = {one.strip().casefold() for one in remove} - added.keys()
    before = conversation.copies
    new = {key: party for key, party in added.items() if key not in before}
    kept = {key: party for key, party in before.items() if key not in gone}
    after = kept | msgspec.to_builtins(new)
    if after == before:
        return conversation
    conversation.copies = after
    conversation.participants += [key for key in new if key not in conversation.participants]
    return written(
        conversation,
        actor=actor,
        at=at or clock.now(),
        kind="copies.changed",
        verb="copied",
        added=len(new),
        removed=len(before) - len(kept),
    )
