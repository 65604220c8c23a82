"""Alerts are made, changed and taken away by whoever sets up queues; everybody at the board sees which there are."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.accounts.reach import oneself
from careline.insights.live.limits import FIGURES
from careline.insights.models import Alert
from careline.kit.refusals import NotVisible, Refused
from careline.service.routing import queries as routing

MOST, MOST_RECIPIENTS, HIGHEST = 50, 100, 1_000_000


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """`limit` is in the figure's unit: limits.FIGURES. Without a queue it is over all of them."""

    figure: str
    limit: int
    recipients: Sequence[int]
    queue: int | None = None
    is_on: bool = True


def alerts(actor: Actor) -> list[Alert]:
    actor.must("board.view")
    return list(Alert.objects.select_related("queue").order_by("pk"))


def alert(actor: Actor, alert_id: int) -> Alert:
    actor.must("board.view")
    found = Alert.objects.select_related("queue").filter(pk=alert_id).first()
    if found is None:
        raise NotVisible(_("There is no such alert."))
    return found


@transaction.atomic
def keep_alert(wanted: Wanted, *, actor: Actor, alert_id: int | None = None) -> Alert:
    """A changed one begins anew: whoever it is passed for is told again."""
    actor.must("queues.manage")
    known = Alert(made_by=oneself(actor)) if alert_id is None else _locked(alert_id)
    if alert_id is None and Alert.objects.count() >= MOST:
        raise Refused(_("There are at most %(most)s alerts.") % {"most": MOST}, field="figure")
    limited = FIGURES.get(wanted.figure)
    if limited is None:
        raise Refused(_("Choose one from the list."), field="figure")
    highest = 100 if limited.unit == "percent" else HIGHEST
    if not 0 <= wanted.limit <= highest:
        raise Refused(_("Choose a number from 0 to %(highest)s.") % {"highest": highest}, field="limit")
    if wanted.queue is not None:
        if limited.of_queue is None:
            raise Refused(_("This figure is of the whole house."), field="queue")
        routing.queue(actor, wanted.queue)
    is_known = {one.pk for one in accounts.agents(actor) if one.is_active}
    told = list(dict.fromkeys(wanted.recipients))
    if not told or set(told) - is_known or len(told) > MOST_RECIPIENTS:
        raise Refused(_("Choose the colleagues it goes to."), field="recipients")
    known.figure, known.queue_id, known.is_on, known.recipients = wanted.figure, wanted.queue, wanted.is_on, told
    known.at_most, known.at_least = (wanted.limit, None) if limited.way == "most" else (None, wanted.limit)
    known.save()
    known.raised.all().delete()
    audit.record("alert.kept", f"alert:{known.pk}", actor=actor)
    return known


@transaction.atomic
def drop_alert(alert_id: int, *, actor: Actor) -> None:
    actor.must("queues.manage")
    known = _locked(alert_id)
    audit.record("alert.dropped", f"alert:{known.pk}", actor=actor)
    known.delete()


def _locked(alert_id: int) -> Alert:
    found = Alert.objects.select_for_update().filter(pk=alert_id).first()
    if found is None:
        raise NotVisible(_("There is no such alert."))
    return found
