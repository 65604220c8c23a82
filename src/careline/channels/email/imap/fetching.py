"""The mails of a folder in the order of their numbers: stored first, then the bookmark moves."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Literal

import msgspec
from django.utils.translation import gettext as _

from careline.channels.email.imap import heads
from careline.channels.email.imap.failures import Drop
from careline.channels.email.imap.line import Line, Refused, opened
from careline.channels.email.imap.mailbox import MEGABYTE, Mailbox
from careline.channels.email.imap.told import Folder, Listed
from careline.channels.satchel import Began, Place, Satchel
from careline.kit import clock

# One look: what is left comes with the next one, which begins at once.
AT_ONCE = 200
AT_ONCE_BYTES = 64 * MEGABYTE
# One question to the server.
TOGETHER = 25
TOGETHER_BYTES = 4 * MEGABYTE
# Clocks of mail servers differ; rather one old mail too many than a new one too few.
_MARGIN = timedelta(days=1)


def fetch(mailbox: Mailbox, satchel: Satchel, stop: threading.Event) -> None:
    """Until told to stop, or until the connection is lost while nothing was under way. Raises FetchFailed."""
    line = opened(mailbox, stop)
    try:
        while not stop.is_set():
            while look(line, satchel, stop) and not stop.is_set():
                pass
            if not stop.is_set():
                line.rest()
    except Drop:
        return
    except Exception:
        if not stop.is_set():  # what is cut in the middle because it has to end has not failed
            raise
    finally:
        line.close()


def test(mailbox: Mailbox) -> str:
    """Whether mail could be fetched, without fetching any. Raises FetchFailed."""
    line = opened(mailbox)
    try:
        folder = line.open(mailbox.folder)
        sentence = (
            _("%(folder)s at %(host)s can be read; mails in it: %(n)s. New mail is announced at once.")
            if line.can_idle
            else _("%(folder)s at %(host)s can be read; mails in it: %(n)s. It is looked into every minute.")
        )
        return sentence % {"folder": mailbox.folder, "host": mailbox.host, "n": folder.exists}
    finally:
        line.close()


def begins(mailbox: Mailbox) -> Began | None:
    """Where new mail begins, as the folder is now; nothing where old mail is taken as well. Raises FetchFailed."""
    if mailbox.existing:
        return None
    line = opened(mailbox)
    try:
        folder = line.open(mailbox.folder)
        return Began(_fresh(mailbox, folder, _last(line, folder)), folder.exists)
    finally:
        line.close()


def look(line: Line, satchel: Satchel, stop: threading.Event) -> bool:
    """One bounded batch; gives back whether there is more."""
    satchel.begin()
    folder = line.open(line.mailbox.folder)
    place = _place(line, folder, satchel)
    waiting, more = _waiting(line, folder, place)
    for group in _groups(waiting, line.mailbox.largest):
        if stop.is_set():
            break
        _take(line, satchel, place, group)
        place = msgspec.structs.replace(place, uid=max(group))
        satchel.mark(place)
    satchel.end()
    return more


def _place(line: Line, folder: Folder, satchel: Satchel) -> Place:
    """Where to go on; a folder that counts anew is read anew."""
    mailbox = line.mailbox
    last = _last(line, folder)
    known = satchel.place(mailbox.folder)
    fresh = Place(folder=mailbox.folder, uidvalidity=folder.uidvalidity, uid=0, source=mailbox.source)
    if known is None:
        if not mailbox.existing:
            fresh = _fresh(mailbox, folder, last)
            if folder.exists:
                satchel.skip(mailbox.folder, last, "before", folder.exists)
    elif mailbox.existing and known.began_at is not None:
        pass  # the setting was changed: now also what was left then
    elif _counts_on(line, known, folder):
        return known
    else:
        fresh = msgspec.structs.replace(fresh, began_at=known.began_at, again=last if known.began_at else 0)
    satchel.mark(fresh)
    return fresh


def _fresh(mailbox: Mailbox, folder: Folder, last: int) -> Place:
    """Behind what is there already."""
    return Place(
        folder=mailbox.folder, uidvalidity=folder.uidvalidity, uid=last, source=mailbox.source, began_at=clock.now()
    )


def _counts_on(line: Line, known: Place, folder: Folder) -> bool:
    if (known.uidvalidity, known.source) != (folder.uidvalidity, line.mailbox.source):
        return False
    if not folder.next or known.uid < folder.next:
        return True
    # Numbers that run backwards, as on a server that was brought back from a backup, are counted anew as well; unless
    # only the next number is told wrong.
    return bool(folder.exists) and line.number_at(folder.exists) >= known.uid


def _last(line: Line, folder: Folder) -> int:
    if folder.next:
        return folder.next - 1
    return line.number_at(folder.exists) if folder.exists else 0


def _waiting(line: Line, folder: Folder, place: Place) -> tuple[dict[int, Listed | None], bool]:
    """What lies beyond the place, in order: None for what is not to be taken; and whether there is more."""
    last = _last(line, folder)
    low = place.uid + 1
    if low > last or not folder.exists:
        return {}, False
    found = line.listed(low, low + AT_ONCE - 1)
    if not found and low + AT_ONCE <= last:
        low = _next(line, folder, place.uid)
        if not low:
            return {}, False
        found = line.listed(low, low + AT_ONCE - 1)
    chosen: dict[int, Listed | None] = {}
    total = 0
    for uid, one in found.items():
        total += one.size if one.size <= line.mailbox.largest else 0
        if chosen and total > AT_ONCE_BYTES:
            return chosen, True
        chosen[uid] = None if _is_before(uid, one, place) else one
    return chosen, bool(chosen) and max(low + AT_ONCE - 1, max(chosen)) < last


def _is_before(uid: int, one: Listed, place: Place) -> bool:
    if place.began_at is None or one.at is None or uid > place.again:
        return False
    return one.at < place.began_at - _MARGIN


def _next(line: Line, folder: Folder, uid: int) -> int:
    """The next number in use, where many in between are not."""
    place = line.beyond(uid, folder.exists)
    return line.number_at(place) if place <= folder.exists else 0


def _groups(waiting: Mapping[int, Listed | None], largest: int) -> Iterator[dict[int, Listed | None]]:
    group: dict[int, Listed | None] = {}
    total = 0
    for uid, one in waiting.items():
        size = one.size if one is not None and one.size <= largest else 0
        if group and (len(group) >= TOGETHER or total + size > TOGETHER_BYTES):
            yield group
            group, total = {}, 0
        group[uid] = one
        total += size
    if group:
        yield group


def _take(line: Line, satchel: Satchel, place: Place, group: Mapping[int, Listed | None]) -> None:
    largest = line.mailbox.largest
    wanted = [uid for uid, one in group.items() if one is not None and one.size <= largest]
    mails = _fetched(line, {uid: one.size for uid in wanted if (one := group[uid]) is not None})
    for uid, one in group.items():
        raw = mails.get(uid, b"")
        if one is None:
            satchel.skip(place.folder, uid, "before")
        elif one.size > largest or len(raw) > largest:
            larger = msgspec.structs.replace(one, size=max(one.size, len(raw)))
            _keep_head(line, satchel, place, uid, larger)
        elif raw:
            satchel.keep(place.folder, uid, raw, _told(place, uid, one))
        elif line.listed(uid, uid):
            _keep_head(line, satchel, place, uid, one, "refused")
        else:
            satchel.skip(place.folder, uid, "gone")


def _fetched(line: Line, sizes: Mapping[int, int]) -> dict[int, bytes]:
    """All with one question; one by one when the server does not hand over one of them."""
    if not sizes:
        return {}
    try:
        return line.mails(list(sizes), sum(sizes.values()))
    except Refused as refused:
        if refused.passing:
            raise
    mails: dict[int, bytes] = {}
    for uid, size in sizes.items():
        try:
            mails |= line.mails([uid], size)
        except Refused as refused:
            if refused.passing:
                raise
    return mails


def _keep_head(
    line: Line, satchel: Satchel, place: Place, uid: int, one: Listed, why: Literal["head", "refused"] = "head"
) -> None:
    try:
        head = line.head(uid)
    except Refused as refused:
        if refused.passing:
            raise
        head = b""
    if head:
        raw = heads.standing_for(head, one.size, refused=why == "refused")
        satchel.keep(place.folder, uid, raw, _told(place, uid, one))
    satchel.skip(place.folder, uid, why if head else "refused")


def _told(place: Place, uid: int, one: Listed) -> dict[str, str]:
    told = {"x-received-by": "imap", "x-imap-folder": place.folder, "x-imap-uid": str(uid)}
    if one.at is not None:
        # When it came, however late it is fetched; clocks of mail servers may go fast.
        told["x-received-at"] = min(one.at, clock.now()).isoformat()
    return told
