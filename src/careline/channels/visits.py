"""What came of each look: kept for two weeks, and the measure of whether a mailbox is well."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from careline.channels import adapter, fields, hot, satchel
from careline.channels.models import Bookmark, Inbox, Visit
from careline.kit import clock, sentences
from careline.kit.sentences import Words

KEPT = timedelta(days=14)
# Nothing was fetched for so long, for whatever reason: somebody should know.
ALARM = timedelta(minutes=10)


@transaction.atomic
def record(
    inbox_id: int,
    started: datetime,
    *,
    seen: int = 0,
    new: int = 0,
    skipped: list[Any] | None = None,
    error: Words = "",
) -> None:
    """A look that tells what the one before it told lengthens that one's row."""
    now, error = clock.now(), sentences.kept(error)
    last = Visit.objects.select_for_update().filter(inbox_id=inbox_id).order_by("-id").first()
    if last is not None and not seen and not skipped and not last.seen and not last.skipped and last.error == error:
        last.ended_at, last.looks = max(now, last.ended_at), last.looks + 1
        last.save(update_fields=["ended_at", "looks"])
        return
    Visit.objects.create(
        inbox_id=inbox_id,
        started_at=min(started, now),
        ended_at=now,
        seen=seen,
        new=new,
        skipped=skipped or [],
        error=error,
    )


@transaction.atomic
def begin(inbox_id: int, began: satchel.Began) -> None:
    """New mail begins here, unless a look has said so before."""
    place = began.place
    _row, first = Bookmark.objects.get_or_create(
        inbox_id=inbox_id, folder=place.folder,
        defaults={
            "uidvalidity": place.uidvalidity, "uid": place.uid, "source": place.source, "began_at": place.began_at,
        },
    )  # fmt: skip
    if first and began.before:
        left = {"folder": place.folder, "uid": place.uid, "why": "before", "n": began.before}
        record(inbox_id, clock.now(), skipped=[left])


def last_success(inbox_id: int) -> datetime | None:
    good = Visit.objects.filter(inbox_id=inbox_id, error="").order_by("-ended_at").first()
    return good.ended_at if good is not None else None


def _last_step(inbox_id: int) -> datetime | None:
    """Catching up may take long; every few mails the bookmark moves."""
    newest: datetime | None = Bookmark.objects.filter(inbox_id=inbox_id).aggregate(newest=Max("moved_at"))["newest"]
    return newest


def health(inbox: Inbox) -> adapter.Health:
    """In one sentence: what is wrong, or when it was last looked into."""
    last = Visit.objects.filter(inbox_id=inbox.pk).order_by("-id").first()
    good = last_success(inbox.pk)
    now = clock.now()
    if last is not None and last.error:
        why = sentences.told(last.error)
        if good is None:
            return adapter.Health(False, _("No mail could be fetched yet. %(why)s") % {"why": why})
        told = {"since": _minutes(now - good), "why": why}
        return adapter.Health(False, _("Minutes without mail being fetched: %(since)s. %(why)s") % told)
    since = now - max(one for one in (good, _last_step(inbox.pk), inbox.created_at) if one is not None)
    if since > ALARM:
        words = _("Minutes since the mailbox was last looked into: %(since)s. Are the workers running?")
        return adapter.Health(False, words % {"since": _minutes(since)})
    if good is None:
        return adapter.Health(True, _("The mailbox is looked into in a moment."))
    return adapter.Health(
        True, _("The mailbox was last looked into %(minutes)s minutes ago.") % {"minutes": _minutes(since)}
    )


def overdue() -> list[tuple[str, adapter.Health]]:
    """The open mailboxes that are not well, by name."""
    found = [(inbox.name, health(inbox)) for inbox in fetched_from()]
    return [(name, told) for name, told in found if not told.well]


def fetched_from() -> list[Inbox]:
    """The open inboxes whose mail is fetched."""
    able = {kind: one for kind, channel in adapter.adapters().items() if (one := satchel.fetches(channel)) is not None}
    inboxes = Inbox.objects.open().filter(kind__in=able).order_by("pk")
    return [one for one in inboxes if able[one.kind].fetches_from(endpoint(one.pk))]


def is_fetched_from(inbox: Inbox) -> bool:
    able = satchel.fetches(adapter.of(inbox.kind))
    return inbox.archived_at is None and able is not None and able.fetches_from(endpoint(inbox.pk))


def endpoint(inbox_id: int) -> adapter.Endpoint:
    door = hot.BY_ID.one(id=inbox_id)
    assert door is not None
    return door.endpoint()


@transaction.atomic
def renew(inbox_id: int, name: str, secret: str) -> None:
    """A credential the other side has replaced; whoever sends finds it at the next message."""
    inbox = Inbox.objects.select_for_update().get(pk=inbox_id)
    inbox.credentials = fields.seal(fields.opened(bytes(inbox.credentials)) | {name: secret})
    inbox.save(update_fields=["credentials"])


def purge() -> int:
    return Visit.objects.filter(ended_at__lt=clock.now() - KEPT).delete()[0]


def _minutes(span: timedelta) -> int:
    return max(0, round(span.total_seconds() / 60))
