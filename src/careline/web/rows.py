"""Words that stand in every row of a list, looked up once a language and not once a row."""

from __future__ import annotations

from functools import lru_cache

import msgspec
from django.utils.translation import get_language, gettext


class Words(msgspec.Struct, frozen=True):
    us: str
    note: str
    unread: str
    nobody: str
    assigned: str
    states: dict[str, str]
    waits: dict[str, str]
    priorities: dict[int, str]
    statuses: dict[str, str]
    only_team: str
    attachment: str
    download: str


def words() -> Words:
    return _words(get_language() or "en")


@lru_cache(maxsize=64)
def _words(_language: str) -> Words:
    return Words(
        us=gettext("Us:"),
        note=gettext("Note:"),
        unread=gettext("Unread"),
        nobody=gettext("(no name)"),
        assigned=gettext("Assigned to"),
        states={
            "snoozed": gettext("Snoozed"),
            "resolved": gettext("Resolved"),
            "spam": gettext("Spam"),
            "trash": gettext("In trash"),
        },
        waits={"customer": gettext("Waiting on customer"), "third_party": gettext("Waiting on others")},
        priorities={1: gettext("Low"), 3: gettext("High"), 4: gettext("Urgent")},
        statuses={
            "queued": gettext("Sending"),
            "sent": gettext("Sent"),
            "failed": gettext("Not sent"),
            "delivered": gettext("Delivered"),
            "read": gettext("Read"),
            "played": gettext("Played"),
        },
        only_team=gettext("note, only the team sees this"),
        attachment=gettext("Attachment"),
        download=gettext("Download"),
    )
