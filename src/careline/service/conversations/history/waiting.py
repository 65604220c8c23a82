"""What waits to be brought: one after another by a worker, also what another worker died over."""

from __future__ import annotations

import threading
from datetime import timedelta

from django.db import transaction

from careline.files import actions as files
from careline.kit import clock, sentences
from careline.kit.alone import alone
from careline.kit.sentences import lasting as _
from careline.service.conversations.history import running
from careline.service.conversations.models import History

# Of an upload that did not come to its end.
LEFT = timedelta(days=7)
# What takes its worker down each time is not given to another.
TRIES = 5
_ONE_WORKER = 0x6869_7374_6F72_7921  # "history!"


def run_waiting(stop: threading.Event | None = None) -> None:
    """Whoever is told to stop leaves by Leaving, and whoever comes next goes on behind what landed."""
    stop = stop or threading.Event()
    with alone(_ONE_WORKER) as mine:
        while mine and not stop.is_set() and (brought := _next()) is not None:
            running.run(brought, lambda _now: None, stop)


@transaction.atomic
def _next() -> History | None:
    states = [History.State.WAITING, History.State.RUNNING]
    under_way = History.objects.filter(state__in=states, by_command=False).order_by("pk")
    for brought in under_way.select_for_update(of=("self",), skip_locked=True).select_related("inbox"):
        deadly = brought.tries >= TRIES
        if deadly:
            brought.state, brought.ended_at = History.State.FAILED, clock.now()
            brought.error = sentences.kept(_("It could not be read: whoever tried broke off, several times."))
        else:
            brought.state, brought.tries = History.State.RUNNING, brought.tries + 1
        brought.save()
        if not deadly:
            return brought
    return None


def forget() -> int:
    """Uploads that were left before their end, and not taken up again."""
    left = History.objects.filter(file_id__isnull=False, ended_at__lt=clock.now() - LEFT)
    for brought in left:
        discard(brought)
    return len(left)


@transaction.atomic
def discard(brought: History) -> None:
    if brought.file_id is not None:
        files.discard([brought.file_id])
        History.objects.filter(pk=brought.pk).update(file_id=None)
