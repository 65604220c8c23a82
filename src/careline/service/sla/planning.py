"""Conversations under lock with what is promised in them: looked at, and kept as they stand afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import msgspec

from careline.accounts import queries as accounts
from careline.accounts.open_hours import Clock
from careline.service.conversations import actions as talks
from careline.service.conversations.hot.shapes import Pledge
from careline.service.conversations.models import Conversation
from careline.service.sla import choosing, terms
from careline.service.sla.choosing import Policies
from careline.service.sla.hearing import Talk
from careline.service.sla.models import Course, Policy, Promise
from careline.service.sla.running import Passed
from careline.service.sla.telling import tell

_COURSE = ("team_id", "is_live", "is_snoozed", "waiting_on", "is_answered", "waits", "policy", "is_pinned")
_PROMISE = (
    "policy", "version", "hours", "total", "spent", "since", "due_at", "next_at", "passed", "broken_at", "ended_at",
    "outcome",
)  # fmt: skip


class House(msgspec.Struct, frozen=True):
    """What all conversations go by: policies, and the hours of every place."""

    policies: Policies
    eras: tuple[accounts.Hours, ...]

    @classmethod
    def now(cls, policies: Policies | None = None) -> House:
        return cls(policies or Policies.now(), tuple(accounts.hours()))

    def clock(self, inbox_id: int, team_id: int | None) -> Clock:
        return Clock(self.eras, inbox_id, team_id)


def begun(conversation_ids: Collection[int], fresh: Collection[int]) -> list[Course]:
    """Courses of conversations that had none; `fresh` are those whose line is heard from its beginning."""
    rows = Conversation.objects.filter(pk__in=conversation_ids).order_by("pk")
    Course.objects.bulk_create(
        [Course(conversation=row, inbox_id=row.inbox_id) if row.pk in fresh else _midway(row) for row in rows],
        ignore_conflicts=True,
    )
    return list(Course.objects.filter(pk__in=[row.pk for row in rows]).select_for_update().order_by("pk"))


def _midway(row: Conversation) -> Course:
    """As it stands; what the customer waits for already was not promised to them."""
    return Course(
        conversation=row, inbox_id=row.inbox_id, team_id=row.team_id, is_live=row.is_live, waiting_on=row.waiting_on,
        is_snoozed=row.state == Conversation.State.SNOOZED, is_answered=row.first_replied_at is not None,
    )  # fmt: skip


def looked_at(courses: Iterable[Course], house: House) -> dict[int, Talk]:
    """Each with its running promises, by the terms these were planned by."""
    by_id = {course.pk: course for course in courses}
    promises = list(Promise.objects.running().filter(course__in=by_id).order_by("pk"))
    kept = choosing.editions({one.policy_id for one in promises if one.policy_id is not None})
    found = {
        pk: Talk(course, {}, _terms(house.policies.of(course.policy_id)), house.clock) for pk, course in by_id.items()
    }
    for promise in promises:
        talk = found[promise.course_id]
        talk.promises[promise.what] = promise
        talk.terms = kept.get((promise.policy_id or 0, promise.version), talk.terms)
    return found


def _terms(policy: Policy | None) -> terms.Terms | None:
    return terms.of(policy.terms) if policy else None


def use(talk: Talk, policy: Policy | None, *, at: datetime) -> None:
    talk.course.policy = policy
    talk.use(_terms(policy), at)


def keep(found: Mapping[int, Talk], passed: Mapping[int, list[Passed]], house: House) -> None:
    """Write down how they stand, tell what came to pass, and say on each row what is due next."""
    known: list[Promise] = []
    new: list[Promise] = []
    for talk in found.values():
        policy = house.policies.of(talk.course.policy_id)
        for promise in talk.promises.values():
            promise.hours = len(house.eras)
        # What ended makes room for what begins.
        for promise in (*talk.over, *talk.promises.values()):
            is_new = promise._state.adding
            if promise.ended_at is None or is_new:
                promise.policy, promise.version = policy, policy.version if policy else promise.version
            promise.course = talk.course
            (new if is_new else known).append(promise)
    Course.objects.bulk_update([talk.course for talk in found.values()], _COURSE)
    if known:
        Promise.objects.bulk_update(known, _PROMISE)
    Promise.objects.bulk_create(new)
    tell(passed)
    talks.pledge({pk: next_of(talk) for pk, talk in found.items()})


def next_of(talk: Talk) -> Pledge | None:
    """The deadline that comes first, or has been past longest; a promise whose clock stands still has none."""
    due = [one for one in talk.promises.values() if one.due_at is not None and (one.since is not None or one.broken_at)]
    first = min(due, key=lambda one: (one.due_at, one.what), default=None)
    if first is None or first.due_at is None:
        return None
    state = "broken" if first.broken_at else "warned" if "warn" in first.passed else ""
    return Pledge(first.what, first.begun_at, first.due_at, state)  # type: ignore[arg-type]  # one of three
