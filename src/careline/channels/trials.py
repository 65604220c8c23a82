"""Trying an inbox: its channel goes through its steps, and what it says is kept as it comes."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from careline.channels import adapter, queries, satchel, visits
from careline.channels.adapter import Check, Endpoint
from careline.channels.models import Trial
from careline.kit import clock, text

# Whoever was at it was killed, or never came.
GIVEN_UP = timedelta(minutes=5)
_log = logging.getLogger(__name__)


class Told(msgspec.Struct, frozen=True):
    """How far a trial is."""

    key: UUID
    steps: tuple[Check, ...]
    running: bool
    # Nobody takes it up: the workers are not there.
    waiting: bool
    at: datetime
    ended_at: datetime | None

    @property
    def good(self) -> bool:
        return not self.running and bool(self.steps) and all(one.state in {"good", "late"} for one in self.steps)


def told(row: Trial) -> Told:
    steps = tuple(msgspec.convert(row.steps, list[Check]))
    age = clock.now() - row.begun_at
    running = row.ended_at is None and age < GIVEN_UP
    waiting = running and not steps and age > timedelta(seconds=10)
    if row.ended_at is None and not running:
        steps = (*(one for one in steps if one.state != "running"), _broken(_("The trial was not brought to its end.")))
    return Told(row.key, steps, running, waiting, row.begun_at, row.ended_at)


def run(inbox_id: int, key: str) -> None:
    """Until the end, or until another one was begun."""
    row = Trial.objects.filter(inbox_id=inbox_id, key=key, ended_at=None).first()
    if row is None:
        return
    inbox = queries.endpoint(inbox_id)
    channel = adapter.of(queries.kind_of(inbox_id))
    steps: dict[str, Check] = {}
    with translation.override(row.language):
        try:
            for check in channel.checks(inbox):
                if (check.name, check.state) == ("receiving", "good"):
                    _begin(inbox)
                steps[check.name] = check
                if not _kept(row, steps):
                    return
        except Exception as error:
            _log.exception("The trial of inbox %s fell over.", inbox_id)
            what = text.excerpt(type(error).__name__, 100)
            steps = {name: one for name, one in steps.items() if one.state != "running"}
            steps["broken"] = _broken(_("Something went wrong here: %(what)s") % {"what": what})
            _kept(row, steps)
    Trial.objects.filter(pk=row.pk, key=row.key).update(ended_at=clock.now())


def _begin(inbox: Endpoint) -> None:
    """Whoever is told that a mailbox works sends to it at once: new mail begins before that is said."""
    channel = satchel.fetches(adapter.of(queries.kind_of(inbox.inbox_id)))
    with suppress(satchel.FetchFailed):
        if channel is not None and (began := channel.begins(inbox)) is not None:
            visits.begin(inbox.inbox_id, began)


def _kept(row: Trial, steps: dict[str, Check]) -> bool:
    written = msgspec.to_builtins(list(steps.values()))
    return Trial.objects.filter(pk=row.pk, key=row.key, ended_at=None).update(steps=written) == 1


def _broken(words: str) -> Check:
    return Check("broken", _("The trial itself"), "wrong", words, _("Try once more."))
