"""Letters come in: with their envelopes, several in the caller's transaction.

The same external id a second time gives the message that is there. Two that race, by two mailboxes or another channel,
are refused by the database, and whoever holds the transaction takes them in once more.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from careline.accounts.actor import Actor
from careline.service.conversations.hot import announce, receive, refused, words
from careline.service.conversations.hot.shapes import Envelope, Said


def open_by_letter(
    *,
    actor: Actor,
    inbox_id: int,
    person: words.Who,
    subject: str,
    body: str,
    external_id: str,
    envelope: Envelope,
    at: datetime | None = None,
) -> Said:
    """A new conversation."""
    given = words.first_words(
        actor=actor, inbox_id=inbox_id, person=person, body=body, subject=subject, at=at, external_id=external_id,
        wordless=True,
    )  # fmt: skip
    said = receive.OPEN_LETTER.one(**given, **msgspec.structs.asdict(envelope))
    if said is None:
        said = receive.AGAIN.one(**given)
    if said is None:
        raise refused.no_inbox()
    return _announced(said)


def hear_letter(
    conversation_id: int,
    *,
    actor: Actor,
    body: str,
    external_id: str,
    envelope: Envelope,
    at: datetime | None = None,
) -> Said:
    """Further words in a conversation that is there; opens it again when it was closed or asleep."""
    given = words.further_words(
        actor=actor, conversation_id=conversation_id, body=body, at=at, external_id=external_id, wordless=True
    )
    said = receive.HEAR_LETTER.one(**given, **msgspec.structs.asdict(envelope))
    if said is None:
        said = receive.AGAIN_THERE.one(kind="incoming", **given)
    if said is None:
        raise refused.no_conversation()
    return _announced(said)


def _announced(said: Said) -> Said:
    if not said.repeated:
        announce.after_commit(announce.said(said))
    return said
