"""What a follower is told, in their language and without a word of the customer's: a mail outlives an erasure."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, ngettext

from careline.service.notices.models import Notice

# Of each kind what is told, once somebody of the house did it and once nobody did.
HAPPENED = {
    "message.received": ("", gettext_noop("The customer wrote")),
    "message.sent": (gettext_noop("%(who)s answered"), gettext_noop("An answer left")),
    "message.noted": (gettext_noop("%(who)s made a note"), gettext_noop("A note was made")),
    "message.forwarded": (gettext_noop("%(who)s passed something on"), gettext_noop("Something was passed on")),
    "message.moved": (gettext_noop("%(who)s moved messages"), gettext_noop("Messages were moved")),
    "conversation.resolved": (gettext_noop("%(who)s resolved it"), gettext_noop("It was resolved")),
    "conversation.reopened": (gettext_noop("%(who)s opened it again"), gettext_noop("It is open again")),
    "conversation.snoozed": (gettext_noop("%(who)s snoozed it"), gettext_noop("It was snoozed")),
    "conversation.woken": ("", gettext_noop("It is back from the snooze")),
    "conversation.assigned": (gettext_noop("%(who)s handed it over"), gettext_noop("It was handed over")),
    "conversation.marked": (
        gettext_noop("%(who)s put it away, or took it out again"), gettext_noop("It was put away, or taken out again"),
    ),
    "recovery.opened": ("", gettext_noop("They are to be won back")),
    "recovery.joined": ("", gettext_noop("Something more went wrong")),
    "recovery.escalated": ("", gettext_noop("The deadline to win them back has passed")),
    "recovery.closed": (gettext_noop("%(who)s ended the recovery"), gettext_noop("The recovery ended")),
    "promise.warned": ("", gettext_noop("A promise to the customer is about to break")),
    "promise.broken": ("", gettext_noop("A promise to the customer is broken")),
    "promise.escalated": ("", gettext_noop("A promise to the customer needs you")),
}  # fmt: skip


def happened(one: Notice) -> str:
    by_somebody, by_nobody = HAPPENED[one.kind]
    if one.by is None or not by_somebody:
        return gettext(by_nobody)
    return gettext(by_somebody) % {"who": one.by.name}


def mail(conversation_id: int, notices: Sequence[Notice], *, zone: str) -> tuple[str, str]:
    """Subject and text; the oldest first."""
    count = len(notices)
    several = ngettext("%(count)s thing happened", "%(count)s things happened", count) % {"count": count}
    subject = f"#{conversation_id}: {happened(notices[0]) if count == 1 else several}"
    here = ZoneInfo(zone or "UTC")
    lines = "\n".join(f"{one.at.astimezone(here):%Y-%m-%d %H:%M}  {happened(one)}" for one in notices)
    text = gettext(
        "In conversation #%(number)s, which you follow:\n\n%(lines)s\n\nRead it here:\n%(link)s\n\n"
        "To hear no more of it, press Unfollow there.\n"
    )
    link = f"{settings.CARELINE_BASE_URL}/desk/{conversation_id}"
    return subject, text % {"number": conversation_id, "lines": lines, "link": link}
