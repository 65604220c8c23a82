"""Bring messages of earlier years into an inbox: from an upload, from the server's own folder, from the account."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.channels import adapter, history
from careline.channels.models import Inbox
from careline.files import actions as files
from careline.kit import clock, text
from careline.kit.alone import alone
from careline.kit.refusals import Conflicting, Refused
from careline.service.conversations.history import jobs, places, queries, running, waiting
from careline.service.conversations.models import History

NAME_LIMIT = 200
MOST_DAYS = 3650


def upload(
    inbox_id: int, pieces: Iterable[bytes], *, name: str, actor: Actor, open_days: int = queries.OPEN_DAYS
) -> History:
    """Kept sealed until it is brought."""
    inbox = _opened(inbox_id, actor, open_days)
    name = text.clean(name.rpartition("/")[2], field="file", limit=NAME_LIMIT, required=True)
    with transaction.atomic():
        file = files.store_pieces(pieces, name=name, uploaded_by=f"agent:{actor.agent_id}")
        return _begun(History(inbox=inbox, name=name, file_id=file.id, open_days=open_days), actor)


@transaction.atomic
def bring(
    inbox_id: int, *, actor: Actor, place: str = "", account: bool = False, open_days: int = queries.OPEN_DAYS
) -> History:
    """`place` is one of those in the server's own folder; `account` is the one the inbox fetches from."""
    inbox = _opened(inbox_id, actor, open_days)
    if account == bool(place):
        raise Refused(_("Choose what is to be brought."), field="place")
    if account:
        return _begun(History(inbox=inbox, name="IMAP", open_days=open_days), actor)
    path = places.found(place)
    return _begun(History(inbox=inbox, name=place[:NAME_LIMIT], path=str(path), open_days=open_days), actor)


def bring_here(
    inbox_id: int, path: Path | None, *, actor: Actor, told: Callable[[History], Any], open_days: int
) -> History:
    """What the command names, here and now; what was left in the middle is taken up behind what landed."""
    inbox = _opened(inbox_id, actor, open_days)
    where = "" if path is None else str(path.resolve())
    with alone(inbox_id ^ 0x6869_7374_0000_0000) as mine:
        if not mine:
            raise Conflicting(_("Something is being brought into this inbox already."))
        brought = History.objects.filter(inbox=inbox, path=where, by_command=True).exclude(state="done").last()
        if brought is None:
            brought = History(inbox=inbox, name=path.name if path else "IMAP", path=where, by_command=True)
        brought.state, brought.error, brought.ended_at = History.State.RUNNING, "", None
        brought.open_days = open_days
        brought.save()
        return running.run(brought, told, threading.Event())


@transaction.atomic
def stop(history_id: int, *, actor: Actor) -> History:
    """After the piece that is landing now; what landed stays, and it can go on later."""
    brought = _locked(history_id, actor)
    if not brought.is_under_way:
        raise Conflicting(_("This import is not under way."))
    brought.state, brought.ended_at = History.State.STOPPED, clock.now()
    brought.save(update_fields=["state", "ended_at"])
    audit.record("history.stopped", f"history:{brought.pk}", actor=actor)
    return brought


@transaction.atomic
def go_on(history_id: int, *, actor: Actor) -> History:
    brought = _locked(history_id, actor)
    if brought.is_under_way or brought.state == History.State.DONE:
        raise Conflicting(_("This import has come to its end, or is under way."))
    brought.state, brought.error, brought.ended_at, brought.tries = History.State.WAITING, "", None, 0
    brought.save()
    audit.record("history.started", f"history:{brought.pk}", actor=actor)
    jobs.bring_history.soon()
    return brought


@transaction.atomic
def drop(history_id: int, *, actor: Actor) -> None:
    """It and its report go; what was brought stays."""
    brought = _locked(history_id, actor)
    if brought.is_under_way:
        raise Conflicting(_("This import is under way. Stop it first."))
    waiting.discard(brought)
    brought.delete()
    audit.record("history.dropped", f"history:{history_id}", actor=actor)


def _opened(inbox_id: int, actor: Actor, open_days: int) -> Inbox:
    inbox = queries.inbox(actor, inbox_id)
    if inbox.archived_at is not None:
        raise Conflicting(_("This inbox is archived."))
    if history.remembers(adapter.of(inbox.kind)) is None:
        raise Conflicting(_("Nothing of earlier years can be brought into this inbox."))
    if not 0 <= open_days <= MOST_DAYS:
        raise Refused(_("Days are a number from 0 to %(most)s.") % {"most": MOST_DAYS}, field="open_days")
    return inbox


def _begun(brought: History, actor: Actor) -> History:
    brought.agent_id = actor.agent_id
    brought.save()
    audit.record("history.started", f"history:{brought.pk}", actor=actor)
    jobs.bring_history.soon()
    return brought


def _locked(history_id: int, actor: Actor) -> History:
    queries.one(actor, history_id)
    return History.objects.select_for_update().get(pk=history_id)
