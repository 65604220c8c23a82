"""The satchel of the house: what is put into it lies in the database before the bookmark moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import connections

from careline.channels import adapter, visits
from careline.channels.models import Bookmark
from careline.channels.satchel import Place, Why
from careline.kit import clock
from careline.kit.sentences import Words

# Keeps what came, once; gives back whether it is new.
Keep = Callable[[int, str, bytes, dict[str, str]], bool]
# Puts a credential that was replaced into the inbox.
Renew = Callable[[int, str, str], None]


class HouseSatchel:
    def __init__(self, inbox_id: int, channel: adapter.Adapter, keep: Keep, renew: Renew) -> None:
        self.inbox_id = inbox_id
        # Whether a look has come to its end.
        self.looked = False
        self._channel, self._keep, self._renew = channel, keep, renew
        self._empty()

    def place(self, folder: str) -> Place | None:
        known = Bookmark.objects.filter(inbox_id=self.inbox_id, folder=folder).first()
        if known is None:
            return None
        return Place(
            folder=folder,
            uidvalidity=known.uidvalidity,
            uid=known.uid,
            source=known.source,
            began_at=known.began_at,
            again=known.again,
        )

    def begin(self) -> None:
        self._empty()

    def keep(self, folder: str, uid: int, raw: bytes, headers: Mapping[str, str]) -> None:
        named = dict(headers)
        if self._keep(self.inbox_id, self._channel.delivery_key(raw, named), raw, named):
            self._new += 1
            self._seen.add((folder, uid))
        else:
            self.skip(folder, uid, "known")

    def skip(self, folder: str, uid: int, why: Why, n: int = 1) -> None:
        if why != "before":  # it is not even looked at
            self._seen.add((folder, uid))
        self._skipped.append({"folder": folder, "uid": uid, "why": why, "n": n})

    def mark(self, place: Place) -> None:
        Bookmark.objects.update_or_create(
            inbox_id=self.inbox_id,
            folder=place.folder,
            defaults={
                "uidvalidity": place.uidvalidity,
                "uid": place.uid,
                "source": place.source,
                "began_at": place.began_at,
                "again": place.again,
                "moved_at": clock.now(),
            },
        )

    def end(self) -> None:
        self._record("")
        self.looked = True
        # It may be long until the next look.
        connections.close_all()

    def renew(self, name: str, secret: str) -> None:
        self._renew(self.inbox_id, name, secret)

    def fail(self, words: Words) -> None:
        """The look ended before its time; what was kept until then is kept."""
        self._record(words)

    def _record(self, error: Words) -> None:
        visits.record(
            self.inbox_id, self._started, seen=len(self._seen), new=self._new, skipped=self._skipped, error=error
        )
        self._empty()

    def _empty(self) -> None:
        self._started: datetime = clock.now()
        self._seen: set[tuple[str, int]] = set()
        self._skipped: list[dict[str, Any]] = []
        self._new = 0
