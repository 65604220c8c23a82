"""Uploaded files that wait: run one after another, and let go when nobody takes them further."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from careline.files import actions as files
from careline.files import queries as stored
from careline.kit import clock
from careline.kit.alone import alone
from careline.kit.refusals import Refused
from careline.tracking.importing import running
from careline.tracking.models import Import

# Of a file nobody said anything of, and of one that did not come to its end.
UNSTARTED = timedelta(hours=23)
LEFT = timedelta(days=7)
# A file whose worker dies over it each time is not given to another.
TRIES = 5
_ONE_WORKER = 0x696D_706F_7274_7321  # "imports!"


def run_waiting(is_leaving: Callable[[], bool] = lambda: False) -> None:
    """By a worker: every uploaded file that waits, one after another; also one that another worker died over."""

    def told(_now: Import) -> None:
        if is_leaving():
            raise running.Leaving

    with alone(_ONE_WORKER) as mine:
        while mine and not is_leaving() and (imported := _next()) is not None:
            assert imported.file_id is not None
            try:
                with stored.plain(stored.by_id(imported.file_id)) as path:
                    running.run(imported, path, told)
            except Refused as refusal:  # of the file; of its rows it is written down already
                running.ended(imported.pk, Import.State.FAILED, str(refusal))


@transaction.atomic
def _next() -> Import | None:
    for imported in Import.objects.due().select_for_update(of=("self",)).order_by("pk"):
        is_deadly = imported.tries >= TRIES
        if is_deadly:
            imported.state, imported.ended_at = Import.State.FAILED, clock.now()
            imported.error = _("It could not be read: whoever tried broke off, several times.")
        else:
            imported.state, imported.tries = Import.State.RUNNING, imported.tries + 1
        imported.save(update_fields=["state", "tries", "ended_at", "error"])
        if not is_deadly:
            return imported
    return None


@transaction.atomic
def forget() -> int:
    """Files that lie about: looked at and never started, or left before their end and not taken up again."""
    now = clock.now()
    unstarted = list(Import.objects.filter(state=Import.State.READY, created_at__lt=now - UNSTARTED))
    discard(unstarted)
    Import.objects.filter(pk__in=[one.pk for one in unstarted]).delete()
    left = list(Import.objects.ended().uploaded().filter(ended_at__lt=now - LEFT))
    discard(left)
    return len(unstarted) + len(left)


@transaction.atomic
def let_files_go() -> int:
    """Whatever was left before its end: somebody in it may be to be forgotten."""
    left = list(Import.objects.select_for_update().ended().uploaded())
    discard(left)
    return len(left)


def discard(imports: Iterable[Import]) -> None:
    found = [one for one in imports if one.file_id is not None]
    files.discard([one.file_id for one in found if one.file_id])
    Import.objects.filter(pk__in=[one.pk for one in found]).update(file_id=None)
