"""The house sets up its queues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit import text
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.service.conversations import conditions
from careline.service.routing import offering, placing
from careline.service.routing.models import NeededSkill, Queue, Skill
from careline.service.routing.relaxing import EASES, LONGEST_S, MOST_STEPS, Step

NAME = 80
MOST_HEAD_START = 24 * 60
MOST_ANSWER_S = 3600
MOST_LEAVE = 7 * 24 * 60


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """What a queue is to be; all of it is kept anew. `skills` is the least level by skill."""

    name: str
    is_on: bool = True
    conditions: Mapping[str, Any] = {}
    head_start_minutes: int = 0
    team_id: int | None = None
    skills: Mapping[int, int] = {}
    by_language: bool = False
    spread: str = "least_loaded"
    asks: bool = True
    answer_s: int = 30
    last_s: int | None = 0
    leave_minutes: int | None = 10
    steps: Sequence[Step] = ()
    target_s: int = 120
    target_percent: int = 80


@transaction.atomic
def keep_queue(ruling: Ruling, *, actor: Actor, queue_id: int | None = None) -> Queue:
    """Make a queue, as the last that is asked, or change one; what waits is placed anew."""
    actor.must("queues.manage")
    placing.hold()
    queue = Queue(position=_last() + 1) if queue_id is None else _taken(queue_id)
    queue.name = text.clean(ruling.name, field="name", limit=NAME, required=True)
    queue.conditions = conditions.written(conditions.checked(ruling.conditions))
    queue.head_start_minutes = _within(ruling.head_start_minutes, 0, MOST_HEAD_START, "head_start_minutes")
    queue.team_id = None if ruling.team_id is None else accounts.team(actor, ruling.team_id).pk
    if ruling.spread not in Queue.Spread.values:
        raise Refused(_("Choose one from the list."), field="spread")
    queue.spread, queue.is_on, queue.by_language, queue.asks = (
        ruling.spread, ruling.is_on, ruling.by_language, ruling.asks,
    )  # fmt: skip
    queue.answer_s = _within(ruling.answer_s, 5, MOST_ANSWER_S, "answer_s")
    queue.last_s = None if ruling.last_s is None else _within(ruling.last_s, 0, LONGEST_S, "last_s")
    queue.leave_minutes = (
        None if ruling.leave_minutes is None else _within(ruling.leave_minutes, 0, MOST_LEAVE, "leave_minutes")
    )
    queue.target_s = _within(ruling.target_s, 1, LONGEST_S, "target_s")
    queue.target_percent = _within(ruling.target_percent, 1, 100, "target_percent")
    queue.steps = [msgspec.to_builtins(one) for one in _steps(ruling.steps, queue.pk)]
    try:
        with transaction.atomic():
            queue.save()
    except IntegrityError:
        raise Conflicting(_("There is a queue of that name."), field="name") from None
    _need(queue, ruling.skills)
    audit.record("queue.kept", f"queue:{queue.pk}", actor=actor)
    placing.rearrange(since=queue.position)
    _again()
    return queue


@transaction.atomic
def drop_queue(queue_id: int, *, actor: Actor) -> None:
    """What waits there goes to the next queue it fits, or to none."""
    actor.must("queues.manage")
    placing.hold()
    queue = _taken(queue_id)
    waiting = list(queue.waiting.values_list("pk", flat=True))
    offering.withdraw(waiting)
    for other in Queue.objects.exclude(pk=queue.pk):
        kept = [step for step in other.steps if step.get("queue") != queue.pk]
        if kept != other.steps:
            other.steps = kept
            other.save(update_fields=["steps"])
    queue.delete()
    audit.record("queue.dropped", f"queue:{queue_id}", actor=actor)
    _again()


@transaction.atomic
def order_queues(queue_ids: Sequence[int], *, actor: Actor) -> None:
    """In this order they are asked; those not named follow as they were."""
    actor.must("queues.manage")
    placing.hold()
    known = {one.pk: one for one in Queue.objects.order_by("position", "pk").select_for_update()}
    if unknown := [one for one in queue_ids if one not in known]:
        raise NotVisible(_("There is no queue %(number)s.") % {"number": unknown[0]})
    first = list(dict.fromkeys(queue_ids))
    for place, number in enumerate([*first, *(one for one in known if one not in first)]):
        known[number].position = place
    Queue.objects.bulk_update(known.values(), ["position"])
    audit.record("queues.ordered", "queue:0", actor=actor)
    placing.rearrange()
    _again()


def _again() -> None:
    placing.sweep()
    offering.wake()


def _last() -> int:
    return int(Queue.objects.aggregate(last=Max("position"))["last"] or 0)


def _taken(queue_id: int) -> Queue:
    found = Queue.objects.select_for_update(of=("self",)).filter(pk=queue_id).first()
    if found is None:
        raise no_queue()
    return found


def no_queue() -> NotVisible:
    return NotVisible(_("There is no such queue."))


def _need(queue: Queue, wanted: Mapping[int, int]) -> None:
    known = set(Skill.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    if known != set(wanted):
        raise NotVisible(_("There is no such skill."))
    queue.needs.all().delete()
    NeededSkill.objects.bulk_create(
        [
            NeededSkill(queue=queue, skill_id=skill, level=_within(level, 1, 5, "skills"))
            for skill, level in sorted(wanted.items())
        ]
    )


def _steps(given: Sequence[Step], queue_id: int | None) -> list[Step]:
    if len(given) > MOST_STEPS:
        raise Refused(_("At most %(most)s steps.") % {"most": MOST_STEPS}, field="steps")
    for one in given:
        if one.ease not in EASES or not 0 <= one.after_s <= LONGEST_S:
            raise Refused(_("Choose one from the list."), field="steps")
        if (one.ease == "queue") != (one.queue is not None):
            raise Refused(_("Choose the queue it goes over to."), field="steps")
        if one.queue is not None and (one.queue == queue_id or not Queue.objects.filter(pk=one.queue).exists()):
            raise Refused(_("Choose another queue that is there."), field="steps")
    return sorted(given, key=lambda one: one.after_s)


def _within(value: int, least: int, most: int, field: str) -> int:
    if not least <= value <= most:
        raise Refused(_("Give a number from %(least)s to %(most)s.") % {"least": least, "most": most}, field=field)
    return value
