"""What stands in every row of a list, made once a language and not once a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec
from django.utils.translation import get_language, gettext
from markupsafe import Markup

from careline.web import faces, marks, promising, sayings


class Made(dict[str, Markup]):
    """Drawings kept under the name they were first asked for; names of channels and agents, so there are few."""

    def __init__(self, make: Callable[[str], Markup]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, name: str) -> Markup:
        return self.setdefault(name, self.make(name))


class Channels(dict[str, str]):
    """Names of channels, kept once asked for."""

    def __missing__(self, channel: str) -> str:
        return self.setdefault(channel, sayings.channel_word(channel))


class Words(msgspec.Struct, frozen=True):
    channels: Channels
    us: str
    note: str
    unread: str
    nobody: str
    states: dict[str, str]
    waits: dict[str, str]
    priorities: dict[int, str]
    statuses: dict[str, Markup]
    only_team: str
    # Of what was passed on to somebody else: to whom (%(who)s), and what.
    passed_on: str
    passed_one: str
    passed_whole: str
    lock: Markup
    bot: str
    # Of a row that is to be won back.
    recovery: str
    late: str
    back: Markup
    # Of what is left until a deadline, and of what is past it.
    promise: tuple[str, str]
    # Shapes beside the words: the channel's icon, and the face of who has it, read aloud with the name.
    icons: Made
    holders: Made
    scraps: dict[tuple[tuple[int, ...], tuple[int, ...]], Markup]

    def scrap(self, levels: Sequence[int], efforts: Sequence[int] = ()) -> Markup:
        """Without asking again which language is spoken: that costs as much as the rest of the row."""
        key = tuple(levels), tuple(efforts)
        drawn = self.scraps.get(key)
        if drawn is None:
            if len(self.scraps) > 4096:
                self.scraps.clear()
            drawn = self.scraps[key] = marks.scrap(levels, efforts)
        return drawn


def words() -> Words:
    return _words(get_language() or "en")


@lru_cache(maxsize=16)
def _words(_language: str) -> Words:
    assigned = gettext("Assigned to %(name)s")
    statuses = {
        "queued": gettext("Sending"),
        "sent": gettext("Sent"),
        "failed": gettext("Not sent"),
        "delivered": gettext("Delivered"),
        "read": gettext("Read"),
        "played": gettext("Played"),
    }
    return Words(
        channels=Channels(),
        lock=marks.icon("lock", "s"),
        bot=gettext("Bot"),
        recovery=gettext("Recovery"),
        late=gettext("late"),
        promise=promising.words_of_time(),
        back=marks.icon("undo", "s"),
        us=gettext("Us:"),
        note=gettext("Note:"),
        unread=gettext("Unread"),
        nobody=gettext("(no name)"),
        states={
            "snoozed": gettext("Snoozed"),
            "resolved": gettext("Resolved"),
            "spam": gettext("Spam"),
            "trash": gettext("In trash"),
        },
        waits={"customer": gettext("Waiting on customer"), "third_party": gettext("Waiting on others")},
        priorities={1: gettext("Low"), 3: gettext("High"), 4: gettext("Urgent")},
        statuses={name: marks.icon(marks.status_icon(name), "s") + word for name, word in statuses.items()},
        only_team=gettext("note, only the team sees this"),
        passed_on=gettext("forwarded to %(who)s; the customer does not see this"),
        passed_one=gettext("With a message below"),
        passed_whole=gettext("With what was said so far below"),
        icons=Made(lambda channel: marks.icon(sayings.channel_icon(channel), "s")),
        holders=Made(
            lambda name: (
                faces.face(name, ours=True, size="mini")
                + Markup('<span class="hide">{}</span>').format(assigned % {"name": name})
            )
        ),
        scraps={},
    )
