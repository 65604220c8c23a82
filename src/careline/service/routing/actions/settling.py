"""What holds for all: capacity, weights, silence, and the reasons for not being ready."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.kit import text
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.service.routing import offering, placing, weights
from careline.service.routing.models import Policy, StatusReason

NAME = 60
MOST = 100
LONGEST_SILENCE = 24 * 60


@transaction.atomic
def keep_policy(*, actor: Actor, capacity: int, silence_minutes: int, weigh: Mapping[str, int] | None = None) -> Policy:
    """`weigh` is what a conversation takes of an agent, by channel; what is left out stays as it comes."""
    actor.must("queues.manage")
    if not 1 <= capacity <= MOST:
        raise Refused(_("Give a capacity from 1 to %(most)s.") % {"most": MOST}, field="capacity")
    if not 1 <= silence_minutes <= LONGEST_SILENCE:
        raise Refused(_("Give from 1 to %(most)s minutes.") % {"most": LONGEST_SILENCE}, field="silence_minutes")
    given = dict(weigh or {})
    known = weights.table({})
    for channel, weight in given.items():
        if channel not in known:
            raise Refused(_("There is no channel “%(name)s”.") % {"name": channel[:60]}, field="weights")
        if not 1 <= weight <= MOST:
            raise Refused(_("A weight is a number from 1 to %(most)s.") % {"most": MOST}, field="weights")
    held, _made = Policy.objects.update_or_create(
        pk=1, defaults={"capacity": capacity, "silence_minutes": silence_minutes, "weights": given}
    )
    audit.record("routing.kept", "routing:1", actor=actor)
    placing.rearrange()
    offering.wake()
    return held


@transaction.atomic
def keep_reason(name: str, status: str, *, actor: Actor, reason_id: int | None = None) -> StatusReason:
    actor.must("queues.manage")
    if status not in ("busy", "break", "away", "off"):
        raise Refused(_("Choose one from the list."), field="status")
    last = StatusReason.objects.aggregate(last=Max("position"))["last"] or 0
    one = StatusReason(position=last + 1) if reason_id is None else _taken(reason_id)
    one.name, one.status = text.clean(name, field="name", limit=NAME, required=True), status
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError:
        raise Conflicting(_("There is a reason of that name."), field="name") from None
    audit.record("status-reason.kept", f"status-reason:{one.pk}", actor=actor)
    return one


@transaction.atomic
def drop_reason(reason_id: int, *, actor: Actor) -> None:
    """Whoever has it keeps the status and loses the reason."""
    actor.must("queues.manage")
    _taken(reason_id).delete()
    audit.record("status-reason.dropped", f"status-reason:{reason_id}", actor=actor)


def _taken(reason_id: int) -> StatusReason:
    found = StatusReason.objects.select_for_update(of=("self",)).filter(pk=reason_id).first()
    if found is None:
        raise NotVisible(_("There is no such reason."))
    return found
