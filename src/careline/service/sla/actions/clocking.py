"""The line and time move promises on. Whoever looks holds the course, so that of two processes one does it once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import NotVisible
from careline.service.conversations.hot import refused
from careline.service.conversations.models import Conversation
from careline.service.sla import planning
from careline.service.sla.choosing import CHANGES, Policies
from careline.service.sla.hearing import HEARD
from careline.service.sla.models import Course, Policy, Promise
from careline.service.sla.planning import House
from careline.service.sla.running import Passed
from careline.touchpoints import Moment
from careline.touchpoints import queries as line

SUBSCRIBER = "service.sla.promise"
# What is learned of later was brought from elsewhere, and nobody waits for an answer to it any more.
FRESH = timedelta(days=7)


@transaction.atomic
def hear(moments: Mapping[int, Sequence[Moment]]) -> None:
    """What happened in conversations, each in the order of its line."""
    policies = Policies.now()
    known = list(Course.objects.filter(pk__in=moments).select_for_update().order_by("pk"))
    if not known and not policies.are_on:
        return
    house = House.now(policies)
    if policies.are_on:
        new = {pk: told for pk, told in moments.items() if pk not in {one.pk for one in known} and _is_fresh(told)}
        known += planning.begun(new, {pk for pk, told in new.items() if _begins(told)}) if new else []
    if not known:
        return
    found = planning.looked_at(known, house)
    asked = [pk for pk, talk in found.items() if not talk.course.is_pinned and _changes(moments[pk])]
    chosen = house.policies.chosen(asked)
    passed: dict[int, list[Passed]] = {}
    for pk, talk in found.items():
        passed[pk] = []
        for moment in moments[pk]:
            passed[pk] += talk.hear(moment.kind, moment.facts, moment.actor_kind, moment.occurred_at)
            if pk in chosen and moment.kind in CHANGES:
                planning.use(talk, chosen[pk], at=moment.occurred_at)
    planning.keep(found, passed, house)


def _is_fresh(moments: Sequence[Moment]) -> bool:
    since = clock.now() - FRESH
    return any(one.occurred_at >= since for one in moments)


def _begins(moments: Sequence[Moment]) -> bool:
    return any(one.kind == "conversation.opened" or one.facts.get("first") is True for one in moments)


def _changes(moments: Sequence[Moment]) -> bool:
    return any(one.kind in CHANGES for one in moments)


def pass_due(*, at: datetime | None = None, limit: int = 500) -> int:
    """Warn, break and escalate what has come to that; how many conversations. Then plan anew what goes by old terms."""
    at = at or clock.now()
    due = Promise.objects.running().filter(next_at__lt=at).order_by("next_at", "pk")
    ids = list(dict.fromkeys(due.values_list("course_id", flat=True)[:limit]))
    return sum(_look(pk, at) for pk in ids) + replan(at=at, limit=limit)


def replan(*, at: datetime | None = None, limit: int = 500) -> int:
    """What was planned by terms or hours that have changed since."""
    if not accounts.is_set_up():
        return 0
    at = at or clock.now()
    rows = Promise.objects.running().filter(
        ~Q(version=F("policy__version")) | ~Q(hours=len(accounts.hours())) | Q(policy=None) | Q(policy__is_on=False)
    )
    return sum(_look(pk, at) for pk in list(dict.fromkeys(rows.values_list("course_id", flat=True)[:limit])))


@transaction.atomic
def _look(conversation_id: int, at: datetime) -> bool:
    """One conversation, unless somebody else has it or its line goes further than was heard: then it is heard first."""
    # Words that are being written hold the conversation; whoever waits here finds them on the line.
    if not Conversation.objects.select_for_update(of=("self",)).filter(pk=conversation_id).exists():
        return False
    course = Course.objects.select_for_update(skip_locked=True).filter(pk=conversation_id).first()
    if course is None or line.unheard(SUBSCRIBER, [f"conversation:{conversation_id}"], kinds=HEARD):
        return False
    house = House.now()
    found = planning.looked_at([course], house)
    talk = found[conversation_id]
    passed = talk.run(at)
    policy = house.policies.of(course.policy_id)
    if policy is None:
        course.is_pinned = False
        policy = house.policies.chosen([conversation_id], at=at)[conversation_id]
    planning.use(talk, policy, at=at)
    talk.settle(at)
    planning.keep(found, {conversation_id: passed}, house)
    return True


@transaction.atomic
def use(conversation_id: int, policy_id: int | None, *, actor: Actor, at: datetime | None = None) -> None:
    """This policy whatever conditions say; None is the one they say again. For rules, and for somebody who knows."""
    at = at or clock.now()
    if not Conversation.objects.visible_to(actor).filter(pk=conversation_id).exists():
        raise refused.no_conversation()
    actor.must("conversations.reply")
    if policy_id is not None and not Policy.objects.filter(pk=policy_id).exists():
        raise NotVisible(_("There is no such promise."))
    known = list(Course.objects.select_for_update().filter(pk=conversation_id))
    [course] = known or planning.begun([conversation_id], [])
    house = House.now()
    found = planning.looked_at([course], house)
    talk = found[conversation_id]
    passed = talk.run(at)
    course.is_pinned = policy_id is not None
    policy = house.policies.of(policy_id) if policy_id else house.policies.chosen([conversation_id])[conversation_id]
    planning.use(talk, policy, at=at)
    planning.keep(found, {conversation_id: passed}, house)
