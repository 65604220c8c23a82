"""The house's settings as the matcher needs them."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import msgspec

from careline.kit.statement import Statement
from careline.service.conversations import conditions
from careline.service.routing import relaxing, weights
from careline.service.routing.models import NeededSkill, Policy, Queue, Skill
from careline.service.routing.relaxing import Asked, Eased, Terms

# By a conversation's own priority: none, low, normal, high, urgent.
OF_PRIORITY = (
    timedelta(), timedelta(minutes=-10), timedelta(), timedelta(minutes=15), timedelta(minutes=60),
)  # fmt: skip


class House(msgspec.Struct, frozen=True):
    """Queues that are on, in the order they are asked, each with its conditions."""

    queues: dict[int, Terms]
    holds: dict[int, conditions.Conditions]
    names: dict[int, str]
    weights: dict[str, int]
    capacity: int
    silence: timedelta
    # The skill of each language.
    speaks: dict[str, int]
    skill_names: dict[int, str]

    def eased(self, queue: int, asked: Asked, at: object) -> Eased:
        return relaxing.eased(self.queues[queue], asked, at=at)  # type: ignore[arg-type]


def policy() -> Policy:
    return Policy.objects.first() or Policy()


def is_set_up() -> bool:
    return Queue.objects.filter(is_on=True).exists()


class _Mark(msgspec.Struct, frozen=True):
    mark: str


# Another one whenever a row of these was written, by whomever: where a row lies and which transaction wrote it never
# come again together.
_MARK = Statement(
    """SELECT concat_ws(' ', (SELECT sum(hashtextextended(concat(ctid, xmin), 0)) FROM routing_queue),
  (SELECT sum(hashtextextended(concat(ctid, xmin), 0)) FROM routing_neededskill),
  (SELECT sum(hashtextextended(concat(ctid, xmin), 0)) FROM routing_policy),
  (SELECT sum(hashtextextended(concat(ctid, xmin), 0)) FROM routing_skill))""",
    _Mark,
)
_read: tuple[str, House | None] | None = None


def house() -> House | None:
    """None where no queue is on: then nothing is routed. Read anew when the settings were changed."""
    global _read
    found = _MARK.one()
    mark = found.mark if found else ""
    if _read is None or _read[0] != mark:
        _read = mark, _house()
    return _read[1]


def _house() -> House | None:
    found = list(Queue.objects.filter(is_on=True).order_by("position", "pk"))
    if not found:
        return None
    needs: dict[int, dict[int, int]] = defaultdict(dict)
    for one in NeededSkill.objects.filter(queue__in=found):
        needs[one.queue_id][one.skill_id] = one.level
    held, skills = policy(), list(Skill.objects.all())
    return House(
        queues={one.pk: _terms(one, needs[one.pk]) for one in found},
        holds={one.pk: conditions.read(one.conditions) for one in found},
        names={one.pk: one.name for one in found},
        weights=weights.table(held.weights), capacity=held.capacity, silence=timedelta(minutes=held.silence_minutes),
        speaks={one.language: one.pk for one in skills if one.language},
        skill_names={one.pk: one.name for one in skills},
    )  # fmt: skip


def _terms(one: Queue, skills: dict[int, int]) -> Terms:
    return Terms(
        id=one.pk, head_start=timedelta(minutes=one.head_start_minutes), team=one.team_id, skills=skills,
        by_language=one.by_language, spread=one.spread,  # type: ignore[arg-type]  # by its constraint
        asks=one.asks, answer_s=one.answer_s,
        last_s=one.last_s, leave_minutes=one.leave_minutes, steps=relaxing.steps_of(one.steps),
    )  # fmt: skip


def head_start(terms: Terms, priority: int) -> timedelta:
    return terms.head_start + OF_PRIORITY[priority]
