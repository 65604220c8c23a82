"""Why a hot verb changed nothing, in the order strangers may learn it: not there, not allowed, not now."""

from __future__ import annotations

from django.utils.translation import gettext as _

from careline.accounts.actor import Actor, refusal
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.conversations.hot.shapes import Refusal, Said


class OtherWords(Refused):
    """What stands under this client id was said before, and is not this."""


def unless_same(before: Said | None) -> Said | None:
    """What was said before, when it is what is said now."""
    if before is not None and before.other:
        raise OtherWords(_("This client_id was used for other words or another kind of message."), field="client_id")
    return before


def no_conversation() -> NotVisible:
    return NotVisible(_("There is no such conversation."))


def no_message() -> NotVisible:
    return NotVisible(_("There is no such message."))


def no_inbox(*, field: str | None = None) -> NotVisible:
    return NotVisible(_("There is no such inbox."), field=field)


def because(found: Refusal | None, *, actor: Actor, permission: str) -> Refused:
    if found is None or not actor.may("conversations.view"):
        return no_conversation()
    if not actor.may(permission):
        return NotAllowed(refusal(permission))
    words = {
        "spam": _("This conversation is in spam; take it out first."),
        "trash": _("This conversation is in trash; take it out first."),
    }
    return Conflicting(words.get(found.state) or _("This conversation has just changed; try again."))
