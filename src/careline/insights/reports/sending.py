"""Reports on their way: planned when it is time, drawn for each colleague as they may see it, mailed, and logged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.channels import access
from careline.insights.models import Report, Sending
from careline.insights.reports import queries, telling, timing
from careline.kit import clock, mail
from careline.kit.refusals import Refused

_log = logging.getLogger(__name__)
TRIES = 3
AGAIN = timedelta(minutes=10)


def send_due(is_leaving: Callable[[], bool] = lambda: False) -> int:
    """Those whose time has come; what a worker died over is tried again. How many went."""
    _plan()
    went = 0
    while not is_leaving() and (sending := _claimed()) is not None:
        went += _go(sending)
    return went


@transaction.atomic
def _plan() -> None:
    now = clock.now()
    for report in Report.objects.due(now).select_for_update(skip_locked=True).order_by("pk"):
        due = timing.latest(report, now)
        Sending.objects.bulk_create(
            [Sending(report=report, agent_id=one, due_at=due, at=now) for one in report.recipients],
            ignore_conflicts=True,
        )
        report.next_at = timing.following(report, now)
        report.save(update_fields=["next_at"])


@transaction.atomic
def _claimed() -> Sending | None:
    """It waits again from now on, for whoever finds it should this worker die."""
    waiting = Sending.objects.select_for_update(skip_locked=True, of=("self",)).select_related("report")
    sending = waiting.filter(state=Sending.State.WAITING, at__lte=clock.now()).order_by("at", "pk").first()
    if sending is not None:
        sending.tries += 1
        sending.at = clock.now() + AGAIN
        sending.save(update_fields=["tries", "at"])
    return sending


def _go(sending: Sending) -> bool:
    if sending.tries > TRIES:
        return _ended(sending, Sending.State.FAILED, sending.why or _("Whoever tried to send it broke off."))
    actor = access.actor_of_agent(sending.agent_id)
    if actor is None:
        return _ended(sending, Sending.State.REFUSED, _("They no longer work here."))
    with translation.override(actor.language):
        try:
            _mailed(sending, actor)
        except Refused as refusal:
            return _ended(sending, Sending.State.REFUSED, str(refusal))
        except mail.NotSent as why:
            _log.warning("report %s could not be mailed: %s", sending.report_id, why)
            if sending.tries >= TRIES:
                return _ended(sending, Sending.State.FAILED, str(why))
            sending.why = str(why)
            sending.save(update_fields=["why"])
            return False
    return _ended(sending, Sending.State.SENT, "")


def _mailed(sending: Sending, actor: Actor) -> None:
    report = sending.report
    made = queries.made(actor, report, sending.due_at)
    day = made.told.period
    named = f"scoreboard-{sending.due_at:%Y-%m-%d}"
    enclosed = [mail.Enclosed(f"{named}.{one}", queries.FORMATS[one], made.content(one)) for one in report.formats]
    address = f"{settings.CARELINE_BASE_URL}/scoreboard?{queries.address(report, sending.due_at)}"
    mail.send(
        accounts.agent(actor, sending.agent_id).email, f"{report.name} · {day}", telling.letter(made.told, address),
        enclosed,
    )  # fmt: skip


def _ended(sending: Sending, state: Sending.State, why: str) -> bool:
    sending.state, sending.why, sending.at = state, why, clock.now()
    sending.save(update_fields=["state", "why", "at"])
    return state == Sending.State.SENT
